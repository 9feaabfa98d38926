package dk.elleve.audit.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.audit.AuditRig;
import dk.elleve.audit.capture.FingerprintStore.Kept;
import dk.elleve.audit.log.PlatformKey;
import dk.elleve.contracts.Actor;
import dk.elleve.kit.fingerprint.Fingerprint;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.tlog.Hash;
import java.math.BigInteger;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

class FingerprintStoreTest extends AuditRig {

    private static final SourceId SOURCE = new SourceId("1", 1, "of_the_test");

    private final FingerprintStore store;
    private final FingerprintStore otherwiseKeyed;
    private final Transactions transactions;

    @Autowired
    FingerprintStoreTest(
            FingerprintStore store,
            JdbcClient jdbc,
            JdbcTemplate batches,
            PlatformKey platform,
            Transactions transactions) {
        this.store = store;
        this.otherwiseKeyed = new FingerprintStore(
                jdbc, batches, new FingerprintKeys(platform, Base64.getEncoder().encodeToString(new byte[32])));
        this.transactions = transactions;
    }

    @Test
    void a_cut_takes_what_ends_at_its_position_and_nothing_behind_it() {
        var id = UUID.randomUUID();
        var now = Clock.systemUTC().instant();
        transactions.run(Scope.platform(), Actor.system("test"), () -> {
            store.compared(SOURCE);
            store.save(SOURCE, Map.of("item", new Kept(Fingerprint.EMPTY, null)));
            assertThat(store.ask(SOURCE, id, 100, now, now)).isTrue();

            var batch = List.of(row(1, 99), row(2, 100), row(3, 101));
            var tally = new Tally(store, SOURCE, batch);
            batch.forEach(tally::take);
            tally.end(101);

            assertThat(store.atCut(SOURCE).get("item").at().rows()).isEqualTo(2);
            assertThat(store.all(SOURCE).of("item").now().rows()).isEqualTo(3);
            store.forget(SOURCE);
        });
    }

    private static RowTransaction row(long id, long commitLsn) {
        var footprint = new Footprint();
        footprint.came("item", Hash.sha256(new byte[] {(byte) id}).bytes());
        return new RowTransaction(
                id, commitLsn, new Changes(JsonMapper.builder().build()), List.of(), Map.of(), footprint);
    }

    @Test
    void what_was_kept_under_another_key_is_no_beginning_and_makes_way() {
        var kept = Map.of("item", new Kept(new Fingerprint(3, BigInteger.TWO), null));
        transactions.run(Scope.platform(), Actor.system("test"), () -> {
            store.compared(SOURCE);
            store.save(SOURCE, kept);
            assertThat(store.all(SOURCE).compared()).isTrue();
            assertThat(store.all(SOURCE).tables()).isEqualTo(kept);

            var after = otherwiseKeyed.all(SOURCE);
            assertThat(after.compared()).isFalse();
            assertThat(after.of("item").isKnown()).isFalse();

            otherwiseKeyed.save(SOURCE, kept);
            assertThat(otherwiseKeyed.all(SOURCE).tables()).isEqualTo(kept);
            assertThat(store.all(SOURCE).tables()).isEmpty();
            store.forget(SOURCE);
        });
    }
}
