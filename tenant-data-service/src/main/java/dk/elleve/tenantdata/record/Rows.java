package dk.elleve.tenantdata.record;

import dk.elleve.tenantdata.collection.Field;
import dk.elleve.tenantdata.collection.Layout;
import dk.elleve.tenantdata.http.Bodies;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The rows of an import, in the form they came. Can be gone through several times.
final class Rows {

    enum Form {
        LINES,
        ARRAY,
        CSV;

        /// @throws dk.elleve.kit.problem.Problem `media-type-unknown`
        static Form of(@Nullable String contentType) {
            try {
                var type = MediaType.parseMediaType(contentType == null ? "" : contentType);
                switch (type.getType() + "/" + type.getSubtype()) {
                    case "application/x-ndjson", "application/ndjson", "application/jsonl" -> {
                        return LINES;
                    }
                    case "application/json" -> {
                        return ARRAY;
                    }
                    case "text/csv" -> {
                        return CSV;
                    }
                    default -> {}
                }
            } catch (InvalidMediaTypeException none) {
                // Told below.
            }
            throw RecordProblem.MEDIA_TYPE_UNKNOWN.with(
                    "Send application/x-ndjson (one record a line), application/json (a list) or text/csv (with a header).");
        }
    }

    /// Gets the rows in order.
    interface Taker {

        /// @param index counted from 0
        /// @param line where the row starts, counted from 1
        void row(int index, long line, ObjectNode row);

        /// A row that is no record.
        void broken(int index, long line, String detail);
    }

    private final Form form;
    private final byte[] body;
    private final Layout layout;
    private final Bodies bodies;
    private final long largest;

    /// @param largest how many bytes a row of JSON may have
    Rows(Form form, byte[] body, Layout layout, Bodies bodies, long largest) {
        this.form = form;
        this.body = body;
        this.layout = layout;
        this.bodies = bodies;
        this.largest = largest;
    }

    /// @throws dk.elleve.kit.problem.Problem `import-unreadable` where nothing behind the place can be understood
    void each(Taker taker) {
        switch (form) {
            case LINES -> lines(taker);
            case ARRAY -> array(taker);
            case CSV -> csv(taker);
        }
    }

    private void lines(Taker taker) {
        int index = 0;
        long line = 0;
        for (int start = 0; start < body.length; ) {
            int end = start;
            while (end < body.length && body[end] != '\n') {
                end++;
            }
            line++;
            if (!isBlank(start, end)) {
                take(taker, index++, line, start, end);
            }
            start = end + 1;
        }
    }

    /// A row that is too large is not even parsed: as a tree it would take many times its bytes.
    private void take(Taker taker, int index, long line, int start, int end) {
        if (end - start > largest) {
            taker.broken(index, line, "may have at most " + largest + " bytes");
            return;
        }
        JsonNode node;
        try {
            node = bodies.json().readTree(body, start, end - start);
        } catch (JacksonException malformed) {
            var at = malformed.getLocation();
            taker.broken(
                    index,
                    line,
                    "is not valid JSON"
                            + (at == null || at.getColumnNr() < 1 ? "" : " near column " + at.getColumnNr()));
            return;
        }
        if (node instanceof ObjectNode object) {
            taker.row(index, line, object);
        } else {
            taker.broken(index, line, "must be a JSON object");
        }
    }

    private boolean isBlank(int start, int end) {
        for (int i = start; i < end; i++) {
            if (body[i] != ' ' && body[i] != '\t' && body[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    private void array(Taker taker) {
        var reader = bodies.json().readerFor(JsonNode.class).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        try (var parser = reader.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw RecordProblem.IMPORT_UNREADABLE.with("The body must be a JSON list of records.");
            }
            int index = 0;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() == null) {
                    throw RecordProblem.IMPORT_UNREADABLE.with("The list is not closed.");
                }
                long line = parser.currentTokenLocation().getLineNr();
                int start = (int) parser.currentTokenLocation().getByteOffset();
                if (parser.currentToken() == JsonToken.START_OBJECT) {
                    parser.skipChildren();
                    take(taker, index++, line, start, (int)
                            parser.currentLocation().getByteOffset());
                } else {
                    parser.skipChildren();
                    taker.broken(index++, line, "must be a JSON object");
                }
            }
            if (parser.nextToken() != null) {
                throw RecordProblem.IMPORT_UNREADABLE.with("Something stands behind the list.");
            }
        } catch (JacksonException malformed) {
            throw RecordProblem.IMPORT_UNREADABLE.with("The body is not valid JSON" + Bodies.place(malformed) + ".");
        }
    }

    private void csv(Taker taker) {
        var csv = new Csv(text());
        var header = csv.next();
        if (header == null) {
            throw RecordProblem.IMPORT_UNREADABLE.with("The first line must name the fields.");
        }
        var fields = header(header);
        int index = 0;
        while (true) {
            var line = csv.line();
            var cells = csv.next();
            if (cells == null) {
                return;
            }
            if (cells.size() == 1 && cells.getFirst().isEmpty()) {
                continue;
            }
            if (cells.size() != fields.size()) {
                taker.broken(index++, line, "has " + cells.size() + " cells, the header has " + fields.size());
                continue;
            }
            var row = JsonNodeFactory.instance.objectNode();
            for (int i = 0; i < cells.size(); i++) {
                var field = fields.get(i);
                if (field != null && !cells.get(i).isEmpty()) {
                    row.set(field.name(), value(field, cells.get(i)));
                }
            }
            taker.row(index++, line, row);
        }
    }

    /// The names are not repeated in an error: in a file without a header they are somebody's data.
    private List<@Nullable Field> header(List<String> names) {
        var fields = new ArrayList<@Nullable Field>();
        var seen = new HashSet<String>();
        for (int i = 0; i < names.size(); i++) {
            var name = names.get(i).strip();
            var own = name.equals("id") || name.equals("createdAt") || name.equals("updatedAt");
            var field = layout.field(name);
            if ((field.isEmpty() && !own) || !seen.add(name)) {
                throw RecordProblem.IMPORT_UNREADABLE.with("Column " + (i + 1)
                        + " of the header is not the name of a field of this collection, or stands there twice.");
            }
            fields.add(field.orElse(null));
        }
        return fields;
    }

    /// What cannot be read as the field's type stays a text; the schema then says what is wrong with it.
    private JsonNode value(Field field, String cell) {
        var nodes = JsonNodeFactory.instance;
        return switch (field.kind()) {
            case NUMBER ->
                cell.matches("-?\\d{1,100}(\\.\\d{1,100})?([eE][+-]?\\d{1,2})?")
                        ? nodes.numberNode(new BigDecimal(cell))
                        : nodes.stringNode(cell);
            case BOOLEAN ->
                switch (cell) {
                    case "true" -> nodes.booleanNode(true);
                    case "false" -> nodes.booleanNode(false);
                    default -> nodes.stringNode(cell);
                };
            case TEXT, DATE, TIME -> nodes.stringNode(cell);
            case OTHER -> {
                try {
                    yield bodies.json().readTree(cell);
                } catch (JacksonException notJson) {
                    yield nodes.stringNode(cell);
                }
            }
        };
    }

    private String text() {
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException notUtf8) {
            throw RecordProblem.IMPORT_UNREADABLE.with("The file must be in UTF-8.");
        }
    }
}
