package dk.elleve.audit.log;

import com.fasterxml.jackson.annotation.JsonInclude;
import dk.elleve.contracts.Actor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The text of an entry, which is stored sealed only.
///
/// @param resource what it was done to, such as `tenant_data/record/nord,42` or `GET /areas`
/// @param before the row as it was; a column without a value is in it, as null
/// @param after the row as it became, or what else is to be said of the event
/// @param origin where the event was seen: database, transaction and position, or topic and event
public record Content(
        Actor actor,
        String resource,

        @JsonInclude(value = JsonInclude.Include.NON_NULL, content = JsonInclude.Include.ALWAYS) @Nullable Map<String, @Nullable Object> before,

        @JsonInclude(value = JsonInclude.Include.NON_NULL, content = JsonInclude.Include.ALWAYS) @Nullable Map<String, @Nullable Object> after,

        Map<String, String> origin) {

    /// The resource without the part that names one row: what follows the second slash.
    public String table() {
        int first = resource.indexOf('/');
        int second = first < 0 ? -1 : resource.indexOf('/', first + 1);
        return second < 0 ? resource : resource.substring(0, second);
    }

    Content withoutImages() {
        return new Content(actor, resource, null, null, origin);
    }
}
