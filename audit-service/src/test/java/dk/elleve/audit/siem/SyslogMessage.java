package dk.elleve.audit.siem;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// A message as the grammar of RFC 5424 section 6 has it, and nothing that it has not.
///
/// @param data the parameters of its one element
/// @param text what follows the structured data; empty if nothing does
record SyslogMessage(int priority, String id, String element, Map<String, String> data, String text) {

    private static final Pattern HEADER = Pattern.compile("<(0|[1-9][0-9]{0,2})>1 "
            + "([0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
            + "T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})) "
            + "([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32}) ");
    private static final Pattern NAME = Pattern.compile("[!-~&&[^=\\]\"]]{1,32}");

    static SyslogMessage parse(byte[] bytes) {
        String whole;
        try {
            whole = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("not UTF-8", e);
        }
        var header = HEADER.matcher(whole);
        must(header.lookingAt(), "header", whole);
        int priority = Integer.parseInt(header.group(1));
        must(priority <= 191, "priority", whole);
        int at = header.end();
        must(at < whole.length() && whole.charAt(at) == '[', "structured data", whole);
        var name = NAME.matcher(whole).region(at + 1, whole.length());
        must(name.lookingAt(), "SD-ID", whole);
        at = name.end();
        var data = new LinkedHashMap<String, String>();
        while (whole.charAt(at) == ' ') {
            var parameter = NAME.matcher(whole).region(at + 1, whole.length());
            must(parameter.lookingAt(), "PARAM-NAME", whole);
            at = parameter.end();
            must(whole.startsWith("=\"", at), "PARAM-VALUE", whole);
            at += 2;
            var value = new StringBuilder();
            while (whole.charAt(at) != '"') {
                char c = whole.charAt(at++);
                must(c != ']', "an unescaped ]", whole);
                if (c == '\\') {
                    c = whole.charAt(at++);
                    must("\"\\]".indexOf(c) >= 0, "an escape that is none", whole);
                }
                value.append(c);
            }
            at++;
            must(data.put(parameter.group(), value.toString()) == null, "a parameter twice", whole);
        }
        must(whole.charAt(at) == ']', "the end of the element", whole);
        at++;
        must(at == whole.length() || whole.charAt(at) == ' ', "what follows the element", whole);
        var text = at == whole.length() ? "" : whole.substring(at + 1);
        must(text.chars().noneMatch(Character::isISOControl), "a control character", whole);
        return new SyslogMessage(priority, header.group(6), name.group(), data, text);
    }

    long index() {
        return Long.parseLong(data.getOrDefault("index", "none"));
    }

    private static void must(boolean holds, String what, String whole) {
        if (!holds) {
            throw new IllegalArgumentException(what + ": " + whole);
        }
    }
}
