package dk.elleve.tenantdata.http;

import dk.elleve.kit.problem.CommonProblem;
import dk.elleve.kit.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Reads JSON as it was meant: no name twice, nothing behind the end, numbers exact, no deep nests.
@Component
public class Bodies {

    private static final int DEEPEST = 24;

    private final JsonMapper json = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxNumberLength(200)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /// The strict mapper itself, for what does not come from a request.
    public JsonMapper json() {
        return json;
    }

    /// The whole body, if it is not larger than `largest`.
    ///
    /// @throws Problem `body-too-large`
    public byte[] bytes(HttpServletRequest request, DataSize largest) {
        var most = Math.toIntExact(largest.toBytes());
        try {
            var body = request.getContentLengthLong() > most
                    ? null
                    : request.getInputStream().readNBytes(most + 1);
            if (body == null || body.length > most) {
                throw CommonProblem.BODY_TOO_LARGE.with("The body may have at most " + most + " bytes here.");
            }
            return body;
        } catch (IOException gone) {
            throw CommonProblem.INVALID_REQUEST.with("The body ended before it was whole.");
        }
    }

    /// The body as a JSON object.
    ///
    /// @throws Problem `invalid-request` with the place, never with the text, of what is wrong
    public ObjectNode object(HttpServletRequest request, DataSize largest) {
        var body = bytes(request, largest);
        JsonNode node;
        try {
            node = json.readTree(body);
        } catch (JacksonException malformed) {
            throw CommonProblem.INVALID_REQUEST.with("The body is not valid JSON" + place(malformed) + ".");
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new Problem(
                CommonProblem.INVALID_REQUEST,
                "The body is not what is expected here.",
                List.of(new Problem.At("", "must be a JSON object")));
    }

    /// Where the parser stopped; its own message repeats what it read.
    public static String place(JacksonException malformed) {
        var where = malformed.getLocation();
        return where == null || where.getLineNr() < 1
                ? ""
                : " near line " + where.getLineNr() + ", column " + where.getColumnNr();
    }
}
