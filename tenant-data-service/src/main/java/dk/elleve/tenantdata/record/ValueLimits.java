package dk.elleve.tenantdata.record;

import dk.elleve.tenantdata.collection.Definition;
import dk.elleve.tenantdata.collection.Field;
import dk.elleve.tenantdata.http.Errors;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a value may be beside the schema: something that comes back exactly as it was given, and that PostgreSQL can
/// hold without complaining about it.
final class ValueLimits {

    private static final int MOST_DIGITS = 100;
    private static final int WIDEST_ZONE = 15 * 3600;

    private ValueLimits() {}

    static void check(Definition definition, ObjectNode fields, long longest, String pointer, Errors errors) {
        fields.forEachEntry((name, value) -> {
            var at = pointer + Errors.step(name);
            if (value.toString().length() > longest) {
                errors.add(at, "may have at most " + longest + " characters as JSON");
                return;
            }
            if (isTime(definition, name) && value.isString() && !isInstant(value.stringValue())) {
                errors.add(at, "must be an instant with offset such as 2026-11-24T12:00:00Z");
            }
            walk(value, at, errors);
        });
    }

    private static boolean isTime(Definition definition, String name) {
        return definition
                .layout()
                .field(name)
                .filter(field -> field.kind() == Field.Kind.TIME)
                .isPresent();
    }

    private static boolean isInstant(String text) {
        try {
            var time = OffsetDateTime.parse(text);
            return time.getYear() >= 1
                    && time.getYear() <= 9999
                    && Math.abs(time.getOffset().getTotalSeconds()) <= WIDEST_ZONE;
        } catch (DateTimeException no) {
            return false;
        }
    }

    private static void walk(JsonNode value, String at, Errors errors) {
        if (value.isString()) {
            if (!isText(value.stringValue())) {
                errors.add(at, "holds a character that is no text: U+0000 or half of a surrogate pair");
            }
        } else if (value.isNumber()) {
            var number = value.decimalValue();
            if (number.precision() > MOST_DIGITS || Math.abs((long) number.scale()) > MOST_DIGITS) {
                errors.add(at, "may have at most " + MOST_DIGITS + " digits; send longer numbers as text");
            }
        } else if (value.isObject()) {
            value.propertyStream().forEach(each -> {
                if (!isText(each.getKey())) {
                    errors.add(at, "holds a name with a character that is no text");
                }
                walk(each.getValue(), at + Errors.step(each.getKey()), errors);
            });
        } else if (value.isArray()) {
            int i = 0;
            for (var item : value) {
                walk(item, at + "/" + i++, errors);
            }
        }
    }

    private static boolean isText(String text) {
        return text.codePoints()
                .noneMatch(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    }
}
