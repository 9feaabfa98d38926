package dk.elleve.kit.cursor;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A list as every endpoint gives it.
///
/// @param next give it as `?cursor=` for what follows; absent at the end
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Page<T>(List<T> items, @Nullable String next) {

    public static final int DEFAULT_LIMIT = 50;
    public static final int MAX_LIMIT = 500;

    public Page {
        items = List.copyOf(items);
    }

    /// A page from rows that were read with one more than the limit.
    ///
    /// @param more up to `limit + 1` rows in order
    /// @param cursor the cursor that continues after a row
    public static <T> Page<T> of(List<T> more, int limit, Function<T, String> cursor) {
        return more.size() <= limit
                ? new Page<>(more, null)
                : new Page<>(more.subList(0, limit), cursor.apply(more.get(limit - 1)));
    }

    /// The limit a client asked for, held between 1 and [#MAX_LIMIT].
    public static int limit(@Nullable Integer asked) {
        return asked == null ? DEFAULT_LIMIT : Math.clamp(asked, 1, MAX_LIMIT);
    }

    public <R> Page<R> map(Function<T, R> change) {
        return new Page<>(items.stream().map(change).toList(), next);
    }
}
