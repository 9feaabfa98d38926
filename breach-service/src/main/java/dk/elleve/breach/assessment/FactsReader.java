package dk.elleve.breach.assessment;

import dk.elleve.breach.PlainText;
import dk.elleve.kit.problem.CommonProblem;
import dk.elleve.kit.problem.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Facts as they come in. A fact that is misspelt or of the wrong shape is refused: taken as absent it would change
/// the outcome without anybody noticing.
@Component
public class FactsReader {

    private enum Shape {
        TEXT("a text of at most 4000 characters"),
        WORD("a word of at most 100 characters"),
        WORDS("a list of at most 50 words"),
        FLAG("true or false"),
        COUNT("a whole number from 0"),
        HOURS("a number of hours from 0 to 876000"),
        SCORES("the ENISA inputs dpc, ei, confidentiality, integrity, availability and malicious");

        private final String rule;

        Shape(String rule) {
            this.rule = rule;
        }
    }

    private static final double A_CENTURY = 876_000;
    private static final Map<String, Shape> FIELDS = fields();
    private static final Pattern PLAIN = Pattern.compile(PlainText.REGEX);
    private static final Set<String> KINDS = Set.of("C", "I", "A");
    private static final Set<String> ROLES = Set.of("controller", "processor", "joint-controller");

    private final JsonMapper json;

    FactsReader(JsonMapper json) {
        this.json = json;
    }

    /// @param at where the facts lie in the request's body: empty, or such as `/facts`
    /// @throws Problem `invalid-request` naming every fact that is wrong
    public Facts read(@Nullable JsonNode node, String at) {
        if (node == null || !node.isObject()) {
            throw refused(List.of(new Problem.At(at, "is an object of facts")));
        }
        var wrong = new ArrayList<Problem.At>();
        node.properties().forEach(fact -> {
            var shape = FIELDS.get(fact.getKey());
            if (shape == null) {
                wrong.add(new Problem.At(at + "/" + safe(fact.getKey()), "is not a fact that is known here"));
            } else if (!fact.getValue().isNull() && !fits(shape, fact.getValue())) {
                wrong.add(new Problem.At(at + "/" + fact.getKey(), "is " + shape.rule));
            } else if (!isPlain(fact.getValue())) {
                wrong.add(new Problem.At(at + "/" + fact.getKey(), PlainText.RULE));
            }
        });
        if (wrong.isEmpty()) {
            node.path("kinds").forEach(kind -> {
                if (!KINDS.contains(kind.asString())) {
                    wrong.add(new Problem.At(at + "/kinds", "holds C, I and A only"));
                }
            });
            var role = node.path("role");
            if (role.isString() && !ROLES.contains(role.asString())) {
                wrong.add(new Problem.At(at + "/role", "is controller, processor or joint-controller"));
            }
            if (node.path("subjectsMin").isNumber()
                    && node.path("subjectsMax").isNumber()
                    && node.path("subjectsMin").asInt()
                            > node.path("subjectsMax").asInt()) {
                wrong.add(new Problem.At(at + "/subjectsMax", "is not below subjectsMin"));
            }
        }
        if (!wrong.isEmpty()) {
            throw refused(wrong);
        }
        try {
            return json.treeToValue(node, Facts.class);
        } catch (JacksonException | IllegalArgumentException bad) {
            // Only the scores can still be wrong: their record checks itself.
            throw refused(List.of(new Problem.At(at + "/enisa", "is " + Shape.SCORES.rule)));
        }
    }

    /// Facts with a merge patch (RFC 7396) applied: null takes a fact away.
    public ObjectNode merge(ObjectNode facts, @Nullable JsonNode patch) {
        if (patch == null || !patch.isObject() || patch.isEmpty()) {
            throw refused(List.of(new Problem.At("", "is an object of facts to change")));
        }
        var merged = facts.deepCopy();
        patch.properties().forEach(fact -> {
            if (fact.getValue().isNull()) {
                merged.remove(fact.getKey());
            } else {
                merged.set(fact.getKey(), fact.getValue());
            }
        });
        return merged;
    }

    private static boolean fits(Shape shape, JsonNode value) {
        return switch (shape) {
            case TEXT -> value.isString() && value.asString().length() <= 4000;
            case WORD -> value.isString() && value.asString().length() <= 100;
            case WORDS -> value.isArray() && value.size() <= 50 && everyIsWord(value);
            case FLAG -> value.isBoolean();
            case COUNT -> value.isIntegralNumber() && value.canConvertToInt() && value.asInt() >= 0;
            case HOURS -> value.isNumber() && value.asDouble(-1) >= 0 && value.asDouble(-1) <= A_CENTURY;
            case SCORES -> value.isObject();
        };
    }

    private static boolean everyIsWord(JsonNode list) {
        for (var each : list) {
            if (!each.isString() || each.asString().length() > 200) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(JsonNode value) {
        return value.isString()
                ? PLAIN.matcher(value.asString()).matches()
                : value.propertyStream()
                                .allMatch(each -> PLAIN.matcher(each.getKey()).matches())
                        && value.valueStream().allMatch(FactsReader::isPlain);
    }

    private static String safe(String name) {
        return name.matches("[A-Za-z0-9_-]{1,60}") ? name : "?";
    }

    private static Problem refused(List<Problem.At> wrong) {
        return new Problem(CommonProblem.INVALID_REQUEST, "Some facts are not valid.", wrong);
    }

    private static Map<String, Shape> fields() {
        var fields = new LinkedHashMap<String, Shape>();
        for (var text : List.of("summary", "subjectsText")) {
            fields.put(text, Shape.TEXT);
        }
        for (var word : List.of(
                "actor",
                "cause",
                "specialCategories",
                "credentials",
                "exposure",
                "recipientReaction",
                "encryption",
                "backup",
                "role")) {
            fields.put(word, Shape.WORD);
        }
        for (var words : List.of("kinds", "dataClasses", "dataFields", "subjectKinds")) {
            fields.put(words, Shape.WORDS);
        }
        for (var flag : List.of(
                "malicious",
                "nationalIdOrIdDocument",
                "paymentCards",
                "financialDetail",
                "confidentialContext",
                "identitySet",
                "protectedOrVulnerable",
                "keyOrSaltSafe",
                "unintelligible",
                "permanentLoss",
                "serviceOrCareAffected",
                "logsProveNoOutflow",
                "misuseObserved",
                "crossBorder")) {
            fields.put(flag, Shape.FLAG);
        }
        for (var count : List.of("subjectsMin", "subjectsMax", "recipientCount", "undetectedDays")) {
            fields.put(count, Shape.COUNT);
        }
        fields.put("restoreHours", Shape.HOURS);
        fields.put("enisa", Shape.SCORES);
        return fields;
    }
}
