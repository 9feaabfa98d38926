package dk.elleve.kit.messaging;

import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/// Headers as text that a person can read, one a line, and back.
final class HeaderLines {

    private HeaderLines() {}

    /// Leaves out what was not on the wire: what the consumer itself notes on a record.
    static String of(Headers headers) {
        var lines = new StringJoiner("\n");
        headers.forEach(header -> {
            if (!header.key().startsWith("springDeserializerException")
                    && !header.key().equals(ReceivedDeserializer.WIRE_BODY)
                    && header.value() != null) {
                lines.add(header.key() + ": "
                        + new String(header.value(), StandardCharsets.UTF_8)
                                .replace("\\", "\\\\")
                                .replace("\n", "\\n"));
            }
        });
        return lines.toString();
    }

    static Headers parse(String lines) {
        var headers = new RecordHeaders();
        for (var line : lines.split("\n", -1)) {
            var colon = line.indexOf(": ");
            if (colon > 0) {
                headers.add(
                        line.substring(0, colon),
                        unescaped(line.substring(colon + 2)).getBytes(StandardCharsets.UTF_8));
            }
        }
        return headers;
    }

    private static String unescaped(String text) {
        var plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                char next = text.charAt(++i);
                plain.append(next == 'n' ? '\n' : next);
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }
}
