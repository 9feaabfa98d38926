package dk.elleve.audit.capture;

import dk.elleve.audit.log.Mark;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import dk.elleve.kit.attribution.AttributionSigner;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who made a transaction.
sealed interface Author {

    /// One message at least is signed by the source's service, for this very transaction.
    record Known(
            Actor actor,
            @Nullable TenantId tenant,
            String requestId,
            @Nullable String trace) implements Author {}

    /// @param why unattributed, forged or replayed
    record Unknown(Mark why) implements Author {}

    /// @param signer absent where nobody may sign: then every message is forged
    static Author of(RowTransaction transaction, @Nullable AttributionSigner signer) {
        return of(transaction.id(), transaction.attributions(), signer);
    }

    private static Author of(long transaction, List<String> messages, @Nullable AttributionSigner signer) {
        var why = messages.isEmpty() ? Mark.UNATTRIBUTED : Mark.FORGED;
        if (signer == null) {
            return new Unknown(why);
        }
        for (var message : messages) {
            var signed = signer.verify(message);
            if (signed.isPresent() && signed.get().isBoundTo(transaction)) {
                var attribution = signed.get();
                return new Known(
                        attribution.actor(), attribution.tenant(), attribution.requestId(), attribution.trace());
            }
            if (signed.isPresent()) {
                why = Mark.REPLAYED;
            }
        }
        return new Unknown(why);
    }
}
