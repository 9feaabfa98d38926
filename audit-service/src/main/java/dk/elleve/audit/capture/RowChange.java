package dk.elleve.audit.capture;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One row as it was and as it became; neither of a truncated table.
///
/// @param key the primary key's values joined by commas; empty where there is none
/// @param order position in the transaction
record RowChange(
        Operation operation,
        String table,
        String key,

        @JsonInclude(value = JsonInclude.Include.NON_NULL, content = JsonInclude.Include.ALWAYS) @Nullable Map<String, @Nullable Object> before,

        @JsonInclude(value = JsonInclude.Include.NON_NULL, content = JsonInclude.Include.ALWAYS) @Nullable Map<String, @Nullable Object> after,

        Instant committed,
        long order) {

    enum Operation {
        INSERT,
        UPDATE,
        DELETE,
        TRUNCATE
    }

    /// The value of a column, as it is now or as it last was.
    @Nullable Object value(String column) {
        var image = after != null ? after : before;
        return image == null ? null : image.get(column);
    }
}
