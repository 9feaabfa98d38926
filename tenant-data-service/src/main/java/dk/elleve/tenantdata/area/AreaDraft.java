package dk.elleve.tenantdata.area;

import dk.elleve.kit.problem.CommonProblem;
import dk.elleve.tenantdata.http.Errors;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What somebody wants an area to be, checked.
record AreaDraft(
        String purpose,
        String legalBasis,
        List<String> dataSubjects,
        List<String> dataCategories,
        List<String> recipients,
        String retention) {

    private static final Set<String> NAMES =
            Set.of("purpose", "legalBasis", "dataSubjects", "dataCategories", "recipients", "retention");
    /// What an answer carries beside these; a client may send back what it read.
    private static final Set<String> READ_ONLY = Set.of("id", "createdAt", "updatedAt");

    private static final Pattern LEGAL_BASIS = Pattern.compile("6\\.1\\.[a-f]|9\\.2\\.[a-j]");
    private static final Pattern RETENTION = Pattern.compile(
            "P(?=[0-9T])(\\d{1,4}Y)?(\\d{1,4}M)?(\\d{1,4}W)?(\\d{1,5}D)?(T(?=\\d)(\\d{1,5}H)?(\\d{1,5}M)?(\\d{1,5}S)?)?");
    private static final int LONGEST_PURPOSE = 2_000;
    private static final int LONGEST_ITEM = 200;
    private static final int MOST_ITEMS = 50;

    /// @throws dk.elleve.kit.problem.Problem with every rule that is broken
    static AreaDraft of(ObjectNode body) {
        var errors = new Errors();
        for (var name : body.propertyNames()) {
            if (!NAMES.contains(name) && !READ_ONLY.contains(name)) {
                errors.add(
                        Errors.step(name),
                        "is not part of an area; known are purpose, legalBasis, dataSubjects, "
                                + "dataCategories, recipients, retention");
            }
        }
        var purpose = text(body, "purpose", errors);
        if (purpose != null && (purpose.isBlank() || purpose.length() > LONGEST_PURPOSE)) {
            errors.add("/purpose", "says in 1 to " + LONGEST_PURPOSE + " characters why the data is held");
        }
        var legalBasis = text(body, "legalBasis", errors);
        if (legalBasis != null && !LEGAL_BASIS.matcher(legalBasis).matches()) {
            errors.add("/legalBasis", "is a point of GDPR Art. 6(1), 6.1.a to 6.1.f, or of Art. 9(2), 9.2.a to 9.2.j");
        }
        var retention = text(body, "retention", errors);
        if (retention != null
                && !(RETENTION.matcher(retention).matches() && retention.chars().anyMatch(c -> c >= '1' && c <= '9'))) {
            errors.add("/retention", "is a positive ISO 8601 duration such as P5Y, P18M or P30D");
        }
        var draft = new AreaDraft(
                purpose == null ? "" : purpose,
                legalBasis == null ? "" : legalBasis,
                texts(body, "dataSubjects", errors),
                texts(body, "dataCategories", errors),
                texts(body, "recipients", errors),
                retention == null ? "" : retention);
        errors.refuse(CommonProblem.INVALID_REQUEST, "The area is not complete or not valid.");
        return draft;
    }

    private static @Nullable String text(ObjectNode body, String name, Errors errors) {
        JsonNode value = body.get(name);
        if (value != null && value.isString() && value.stringValue().indexOf('\0') < 0) {
            return value.stringValue();
        }
        errors.add("/" + name, value == null ? "is required" : "must be a text");
        return null;
    }

    private static List<String> texts(ObjectNode body, String name, Errors errors) {
        JsonNode value = body.get(name);
        var texts = new ArrayList<String>();
        if (value == null) {
            return texts;
        }
        if (!value.isArray() || value.size() > MOST_ITEMS) {
            errors.add("/" + name, "must be a list of at most " + MOST_ITEMS + " texts");
            return texts;
        }
        int at = 0;
        for (var item : value) {
            if (item.isString()
                    && !item.stringValue().isBlank()
                    && item.stringValue().length() <= LONGEST_ITEM
                    && item.stringValue().indexOf('\0') < 0) {
                texts.add(item.stringValue());
            } else {
                errors.add("/" + name + "/" + at, "must be a text of 1 to " + LONGEST_ITEM + " characters");
            }
            at++;
        }
        return texts;
    }
}
