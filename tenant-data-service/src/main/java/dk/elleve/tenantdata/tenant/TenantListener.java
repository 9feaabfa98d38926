package dk.elleve.tenantdata.tenant;

import dk.elleve.contracts.identity.TenantEvent;
import dk.elleve.contracts.identity.TenantEvent.TenantChanged;
import dk.elleve.contracts.identity.TenantEvent.TenantClosed;
import dk.elleve.contracts.identity.TenantEvent.TenantClosing;
import dk.elleve.contracts.identity.TenantEvent.TenantOpened;
import dk.elleve.kit.messaging.Received;
import dk.elleve.kit.messaging.UnreadableEvent;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

@Component
class TenantListener {

    private final TenantLife life;
    private final TenantEraser eraser;

    TenantListener(TenantLife life, TenantEraser eraser) {
        this.life = life;
        this.eraser = eraser;
    }

    @KafkaListener(topics = "identity.tenants.v1")
    void on(Received received) {
        if (!(received.event() instanceof TenantEvent event)) {
            throw new UnreadableEvent("Only the life of tenants is told on this topic");
        }
        switch (event) {
            case TenantOpened e -> life.open(received.id(), e.tenant(), e.name(), e.openedAt(), null);
            case TenantChanged e -> life.open(received.id(), e.tenant(), e.name(), e.openedAt(), null);
            case TenantClosing e -> life.open(received.id(), e.tenant(), e.name(), e.openedAt(), e.closesAt());
            case TenantClosed e -> eraser.erase(e.tenant(), received.id());
        }
    }
}
