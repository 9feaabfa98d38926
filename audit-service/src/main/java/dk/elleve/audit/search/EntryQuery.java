package dk.elleve.audit.search;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What people ask for. Everything that is given must fit.
///
/// @param actor the id of who did it
/// @param kind one of the kinds of entries
/// @param resource a resource, or a table with all that is in it; of a record also who looked at it
/// @param grant what was done under this grant
/// @param flag one of the flags of entries
/// @param unattributed only changes nobody answers for
/// @param from not before
/// @param to before
/// @param last not longer ago than this, instead of `from`
@JsonInclude(JsonInclude.Include.NON_NULL)
record EntryQuery(
        @Nullable String actor,
        @Nullable String tenant,
        @Nullable String kind,
        @Nullable String resource,
        @Nullable String grant,
        @Nullable String flag,
        @Nullable Boolean unattributed,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable Duration last) {

    static final EntryQuery ALL = new EntryQuery(null, null, null, null, null, null, null, null, null, null);

    /// This one where it says something, the other where it does not.
    EntryQuery over(EntryQuery other) {
        boolean begins = from != null || last != null;
        return new EntryQuery(
                either(actor, other.actor),
                either(tenant, other.tenant),
                either(kind, other.kind),
                either(resource, other.resource),
                either(grant, other.grant),
                either(flag, other.flag),
                either(unattributed, other.unattributed),
                begins ? from : other.from,
                either(to, other.to),
                begins ? last : other.last);
    }

    /// When it begins, if it does.
    @Nullable Instant begin(Instant now) {
        return from != null || last == null ? from : now.minus(last);
    }

    private static <T> @Nullable T either(@Nullable T one, @Nullable T other) {
        return Optional.ofNullable(one).orElse(other);
    }
}
