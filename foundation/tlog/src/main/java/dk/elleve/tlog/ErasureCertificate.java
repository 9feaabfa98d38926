package dk.elleve.tlog;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// What somebody was given when a tenant was erased: the JSON of `GET /tenants/{t}/erasure-certificate`. It proves
/// nothing
/// by itself; an entry of the log that says the same, in an export, proves that it was said, and when.
record ErasureCertificate(Map<String, String> said) {

    /// What must stand in the log, too. Whether the key is gone is what the keyring says now, not what was logged.
    private static final List<String> FIELDS = List.of("tenant", "records", "keyId", "erasedAt");

    private static final Pattern FIELD = Pattern.compile("\"([a-zA-Z]+)\"\\s*:\\s*(\"[^\"\\\\]*\"|[0-9]+)");

    private static final String EVENT = "\"event\":\"TenantErased\"";

    /// @throws MalformedException if it is no such certificate
    static ErasureCertificate parse(byte[] json) {
        var found = fields(new String(json, StandardCharsets.UTF_8));
        var said = new LinkedHashMap<String, String>();
        for (var name : FIELDS) {
            var value = found.get(name);
            if (value != null) {
                said.put(name, value);
            } else if (!name.equals("keyId")) { // there may never have been a key
                throw new MalformedException("the certificate does not say " + name);
            }
        }
        return new ErasureCertificate(said);
    }

    String tenant() {
        return said.getOrDefault("tenant", "");
    }

    /// Whether a logged text says the same.
    boolean isIn(String content) {
        return content.contains(EVENT) && fields(content).entrySet().containsAll(said.entrySet());
    }

    private static Map<String, String> fields(String json) {
        var fields = new LinkedHashMap<String, String>();
        var field = FIELD.matcher(json);
        while (field.find()) {
            fields.putIfAbsent(field.group(1), field.group(2));
        }
        return fields;
    }
}
