package dk.elleve.audit.log;

import static dk.elleve.kit.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.audit.AuditRig;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import dk.elleve.kit.keyring.Keyring;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class TenantHeadsTest extends AuditRig {

    private static final TenantId TENANT = new TenantId("hoved");
    private static final Duration SOON = Duration.ofSeconds(30);

    @Autowired
    private LogStore store;

    @Autowired
    private Journal journal;

    @Autowired
    private PayloadSeal seal;

    @Autowired
    private Transactions transactions;

    @Autowired
    private Keyring keyring;

    @Test
    void a_chain_gets_one_head_a_day_until_its_tenant_is_erased() throws Exception {
        keyring.create(TENANT);
        Neighbours.TENANT_DATA.signed(
                Actor.system("test/heads"), TENANT, "INSERT INTO data.item VALUES ('hoved', 1, 'x')");
        expect("/audit/entries?tenant=hoved&actor=test/heads", 1);

        heads(0).look();
        heads(0).look();
        expect("/audit/entries?tenant=hoved&kind=tenant-head", 1);
        heads(1).look();
        expect("/audit/entries?tenant=hoved&kind=tenant-head", 2);
        eventually(
                "both are under a checkpoint",
                SOON,
                () -> assertThat(get("auditor", "/audit/export?tenant=hoved").text())
                        .containsPattern("(?s)\"kind\":\"tenant-head\".*\"kind\":\"tenant-head\""));

        keyring.destroy(TENANT);
        heads(2).look();
        var name =
                TenantHeads.name(TENANT, LocalDate.ofInstant(CLOCK.instant().plus(Duration.ofDays(2)), ZoneOffset.UTC));
        assertThat(transactions.read(Scope.platform(), () -> store.known(Set.of(name))))
                .isEmpty();
    }

    /// As another instance, so many days from now.
    private TenantHeads heads(int days) {
        return new TenantHeads(store, journal, seal, transactions, Clock.offset(CLOCK, Duration.ofDays(days)));
    }

    private void expect(String path, int entries) {
        eventually(path, SOON, () -> assertThat(get("auditor", path).items()).hasSize(entries));
    }
}
