package dk.elleve.backup.erasure;

import dk.elleve.contracts.tenantdata.ErasureEvent;
import dk.elleve.contracts.tenantdata.ErasureEvent.SubjectErased;
import dk.elleve.contracts.tenantdata.ErasureEvent.TenantErased;
import dk.elleve.kit.messaging.Received;
import dk.elleve.kit.messaging.UnreadableEvent;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/// Hears what was erased. While the vault is away the same event is tried again, for as long as it takes.
@Component
class ErasureListener {

    /// What tenant-data says in place of a key's id when the tenant never had one.
    private static final String NO_KEY = "none";

    private final Erasures erasures;

    ErasureListener(Erasures erasures) {
        this.erasures = erasures;
    }

    /// May hear the same twice.
    @KafkaListener(topics = "tenantdata.erasures.v1")
    void on(Received received) {
        if (!(received.event() instanceof ErasureEvent event)) {
            throw new UnreadableEvent("Only erasures are told on this topic");
        }
        try {
            erasures.add(
                    switch (event) {
                        case TenantErased e ->
                            new Erasure(
                                    received.id(),
                                    e.tenant().value(),
                                    null,
                                    e.keyId().equals(NO_KEY) ? null : e.keyId(),
                                    e.records(),
                                    e.erasedAt());
                        case SubjectErased e ->
                            new Erasure(
                                    received.id(), e.tenant().value(), e.subject(), null, e.records(), e.erasedAt());
                    });
        } catch (IllegalArgumentException e) {
            throw new UnreadableEvent(String.valueOf(e.getMessage()));
        }
    }
}
