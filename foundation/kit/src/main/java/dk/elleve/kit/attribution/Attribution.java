package dk.elleve.kit.attribution;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Who made a transaction, as said in its WAL by a transactional logical message. It is bound to the
/// transaction: a copy of the message in another transaction does not verify.
///
/// @param service which service signed, and with whose key
/// @param tenant the tenant the transaction was bound to; absent for platform work
/// @param trace the trace the work belonged to; absent where nothing was traced
/// @param transaction the 64-bit transaction id (`pg_current_xact_id()`)
public record Attribution(
        String service,
        Actor actor,
        @Nullable TenantId tenant,
        String requestId,
        @Nullable String trace,
        Instant at,
        long transaction) {

    /// The logical message's prefix.
    public static final String PREFIX = "audit.attribution";

    /// Outside any trace.
    public Attribution(
            String service, Actor actor, @Nullable TenantId tenant, String requestId, Instant at, long transaction) {
        this(service, actor, tenant, requestId, null, at, transaction);
    }

    /// Whether it may stand in the transaction with this 32-bit id (`xmin`, Debezium's `txId`): the epoch is not
    /// decoded there.
    public boolean isBoundTo(long transactionId32) {
        return (transaction & 0xffff_ffffL) == (transactionId32 & 0xffff_ffffL);
    }
}
