package dk.elleve.audit.search;

import dk.elleve.audit.log.Content;
import dk.elleve.tlog.AuditLeaf;
import dk.elleve.tlog.Hash;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Entries as the programs of others read them, a line each. A line names the entry's index and the
/// hash of its leaf, by which its proof is found (`GET /audit/entries/{index}/proof`); the format
/// that proves itself is `jsonl` ([dk.elleve.tlog.ExportFile]).
enum ExportFormat {

    /// RFC 4180 with a header line. A spreadsheet shall not take a cell for a formula.
    CSV("text/csv", "csv") {
        @Override
        String begin() {
            return "index,time,kind,tenant,actor_kind,actor_id,grant,resource,before,after,flags,leaf\r\n";
        }

        @Override
        String line(Line entry, JsonMapper json) {
            return Stream.of(
                            Long.toString(entry.row().index()),
                            entry.row().time().toString(),
                            entry.row().kind(),
                            entry.tenant(),
                            entry.actorKind(),
                            entry.actorId(),
                            entry.grant(),
                            entry.resource(),
                            entry.image(Content::before, json),
                            entry.image(Content::after, json),
                            String.join(" ", entry.row().flags()),
                            entry.leafHash())
                    .map(ExportFormat::cell)
                    .collect(Collectors.joining(",", "", "\r\n"));
        }
    },

    /// Open Cybersecurity Schema Framework 1.3, JSON Lines.
    OCSF("application/x-ndjson", "ocsf.jsonl") {
        @Override
        String line(Line entry, JsonMapper json) {
            var activity = Activity.of(entry);
            var event = new LinkedHashMap<String, Object>();
            event.put("category_uid", activity.type() / 1000);
            event.put("class_uid", activity.type());
            event.put("activity_id", activity.activity());
            event.put("type_uid", activity.type() * 100 + activity.activity());
            event.put("time", entry.row().time().toEpochMilli());
            event.put("severity_id", entry.alarming() ? 4 : 1);
            event.put("status_id", entry.row().flags().contains("denied") ? 2 : 1);
            var metadata = new LinkedHashMap<String, Object>();
            metadata.put("version", "1.3.0");
            metadata.put("product", Map.of("name", "Elleve", "vendor_name", "Elleve"));
            metadata.put("uid", entry.row().eventId().toString());
            if (entry.row().tenant() != null) {
                metadata.put("tenant_uid", entry.tenant());
            }
            metadata.put("labels", entry.row().flags());
            event.put("metadata", metadata);
            event.put("actor", Map.of("user", Map.of("uid", entry.actorId(), "type", entry.actorKind())));
            event.put("resources", List.of(Map.of("name", entry.resource())));
            event.put(
                    "unmapped",
                    Map.of(
                            "index",
                            entry.row().index(),
                            "leaf",
                            entry.leafHash(),
                            "kind",
                            entry.row().kind()));
            return json.writeValueAsString(event) + "\n";
        }
    },

    /// ArcSight Common Event Format.
    CEF("text/plain", "cef") {
        @Override
        String line(Line entry, JsonMapper json) {
            var extension = new LinkedHashMap<String, String>();
            extension.put("rt", Long.toString(entry.row().time().toEpochMilli()));
            extension.put("externalId", entry.row().eventId().toString());
            extension.put("suid", entry.actorId());
            extension.put("spriv", entry.actorKind());
            extension.put("request", entry.resource());
            extension.put("outcome", entry.row().flags().contains("denied") ? "denied" : "done");
            extension.put("cs1Label", "tenant");
            extension.put("cs1", entry.tenant());
            extension.put("cs2Label", "leaf");
            extension.put("cs2", entry.leafHash());
            extension.put("cs3Label", "flags");
            extension.put("cs3", String.join(" ", entry.row().flags()));
            extension.put("cn1Label", "index");
            extension.put("cn1", Long.toString(entry.row().index()));
            return "CEF:0|Elleve|audit|1|" + entry.row().kind() + "|"
                    + entry.row().kind() + "|"
                    + (entry.alarming() ? 8 : 3) + "|"
                    + extension.entrySet().stream()
                            .filter(field -> !field.getValue().isEmpty())
                            .map(field -> field.getKey() + "=" + escaped(CEF_SPECIAL, field.getValue()))
                            .collect(Collectors.joining(" "))
                    + "\n";
        }
    },

    /// RFC 5424, facility *log audit*; what an entry says is in structured data. 32473 is the
    /// number that RFC 5612 keeps for documentation: whoever sends this on puts its own.
    SYSLOG("text/plain", "log") {
        @Override
        String line(Line entry, JsonMapper json) {
            var parameters = new LinkedHashMap<String, String>();
            parameters.put("index", Long.toString(entry.row().index()));
            parameters.put("tenant", entry.tenant());
            parameters.put("actorKind", entry.actorKind());
            parameters.put("actor", entry.actorId());
            parameters.put("resource", entry.resource());
            parameters.put("flags", String.join(" ", entry.row().flags()));
            parameters.put("leaf", entry.leafHash());
            return syslogHeader(entry) + structured(parameters) + "\n";
        }
    };

    private static final int LOG_AUDIT = 13;
    private static final int WARNING = 4;
    private static final int NOTICE = 5;

    /// RFC 5424 takes six digits of a second at most.
    private static final DateTimeFormatter SYSLOG_TIME =
            new DateTimeFormatterBuilder().appendInstant(6).toFormatter();
    private static final Pattern CEF_SPECIAL = Pattern.compile("[\\\\=]");
    private static final Pattern SYSLOG_SPECIAL = Pattern.compile("[\\\\\"\\]]");
    private static final Pattern LINE_ENDS = Pattern.compile("[\\p{Cntrl}\\u2028\\u2029]");

    private final String mediaType;
    private final String extension;

    ExportFormat(String mediaType, String extension) {
        this.mediaType = mediaType;
        this.extension = extension;
    }

    String mediaType() {
        return mediaType;
    }

    String extension() {
        return extension;
    }

    /// What stands before the first entry.
    String begin() {
        return "";
    }

    abstract String line(Line entry, JsonMapper json);

    /// The same as one message of RFC 5424, without an end of line. Whatever the format is, its
    /// structured data names the entry's index and leaf, so that a receiver drops doubles and sees
    /// gaps without reading the text. The text begins without a byte order mark, which RFC 5424
    /// allows: what reads CEF or JSON wants those first.
    String message(Line entry, JsonMapper json) {
        var line = line(entry, json);
        var text = line.substring(0, line.length() - 1);
        if (this == SYSLOG) {
            return text;
        }
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("index", Long.toString(entry.row().index()));
        parameters.put("leaf", entry.leafHash());
        return syslogHeader(entry) + structured(parameters) + " " + text;
    }

    private static String syslogHeader(Line entry) {
        return "<" + (LOG_AUDIT * 8 + (entry.alarming() ? WARNING : NOTICE)) + ">1 "
                + SYSLOG_TIME.format(entry.row().time()) + " - elleve-audit - "
                + entry.row().kind() + " ";
    }

    private static String structured(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .filter(parameter -> !parameter.getValue().isEmpty())
                .map(parameter ->
                        " " + parameter.getKey() + "=\"" + escaped(SYSLOG_SPECIAL, parameter.getValue()) + "\"")
                .collect(Collectors.joining("", "[entry@32473", "]"));
    }

    /// An entry to be written. What it says is absent where it is erased, damaged or not for this
    /// reader.
    record Line(EntryRow row, @Nullable Content content) {

        String tenant() {
            return row.tenant() == null ? "" : row.tenant().value();
        }

        String actorKind() {
            return content == null ? "" : content.actor().kind().word();
        }

        String actorId() {
            return content == null ? "" : content.actor().id();
        }

        String grant() {
            return Optional.ofNullable(content)
                    .map(told -> told.actor().grant())
                    .orElse("");
        }

        String resource() {
            return content == null ? "" : content.resource();
        }

        /// As the log's tree has it, in hexadecimal digits.
        String leafHash() {
            return Hash.leaf(row.leaf()).hex();
        }

        boolean alarming() {
            return AuditLeaf.parse(row.leaf()).flags().stream().anyMatch(ALARMING::contains);
        }

        private String image(Image which, JsonMapper json) {
            var image = content == null ? null : which.of(content);
            return image == null ? "" : json.writeValueAsString(image);
        }
    }

    private static final List<AuditLeaf.Flag> ALARMING =
            List.of(AuditLeaf.Flag.UNATTRIBUTED, AuditLeaf.Flag.FORGED, AuditLeaf.Flag.GAP);

    private interface Image {
        @Nullable Map<String, @Nullable Object> of(Content content);
    }

    /// OCSF's class and activity.
    private record Activity(int type, int activity) {

        private static final int AUTHENTICATION = 3002;
        private static final int ENTITY_MANAGEMENT = 3004;
        private static final int API_ACTIVITY = 6003;
        private static final int DATASTORE_ACTIVITY = 6005;
        private static final int OTHER = 99;

        static Activity of(Line entry) {
            return switch (entry.row().kind()) {
                case "insert" -> new Activity(DATASTORE_ACTIVITY, 6);
                case "update" -> new Activity(DATASTORE_ACTIVITY, 2);
                case "delete", "truncate", "erasure" -> new Activity(DATASTORE_ACTIVITY, 7);
                case "read" -> new Activity(DATASTORE_ACTIVITY, 1);
                case "ddl" -> new Activity(DATASTORE_ACTIVITY, OTHER);
                case "login" -> new Activity(AUTHENTICATION, 1);
                case "tenant" -> new Activity(ENTITY_MANAGEMENT, OTHER);
                case "access" -> new Activity(API_ACTIVITY, byMethod(entry.resource()));
                default -> new Activity(API_ACTIVITY, OTHER);
            };
        }

        /// An access is written as method and path.
        private static int byMethod(String resource) {
            int end = resource.indexOf(' ');
            return switch (end < 0 ? "" : resource.substring(0, end)) {
                case "POST" -> 1;
                case "GET", "HEAD" -> 2;
                case "PUT", "PATCH" -> 3;
                case "DELETE" -> 4;
                default -> OTHER;
            };
        }
    }

    /// Quoted where it must be. A cell that a spreadsheet would calculate begins with an apostrophe
    /// instead (OWASP, CSV injection).
    static String cell(String text) {
        var safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                ? "\"" + safe.replace("\"", "\"\"") + "\""
                : safe;
    }

    private static String escaped(Pattern special, String text) {
        return LINE_ENDS.matcher(special.matcher(text).replaceAll("\\\\$0")).replaceAll(" ");
    }
}
