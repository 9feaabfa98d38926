package dk.elleve.backup.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.MemoryVault;
import dk.elleve.backup.vault.ClusterVault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ErasureJournalTest {

    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00.123456Z");

    private final MemoryVault vault = new MemoryVault();
    private final ErasureJournal journal = new ErasureJournal(new ClusterVault(vault, BackupRig.KEY, "42"));

    private static Erasure erasure(String id, Instant at) {
        return new Erasure(id, "nord", null, "key-1", 3, at);
    }

    @Test
    void an_erasure_that_is_told_twice_stands_there_once_as_it_was_told_first() {
        journal.add(erasure("one", NOON));
        journal.add(new Erasure("one", "nord", null, "key-1", 0, NOON));

        assertThat(journal.since(NOON)).containsExactly(erasure("one", NOON));
    }

    @Test
    void a_restore_hears_of_what_was_erased_since_and_of_what_may_have_ended_since() {
        journal.add(erasure("long-ago", NOON.minus(Duration.ofHours(2))));
        journal.add(erasure("after", NOON.plusSeconds(1)));
        journal.add(erasure("shortly-before", NOON.minus(Duration.ofMinutes(59))));

        assertThat(journal.since(NOON)).extracting(Erasure::id).containsExactly("shortly-before", "after");
    }

    @Test
    void what_no_restore_can_bring_back_goes() {
        journal.add(erasure("old", NOON.minus(Duration.ofHours(2))));
        journal.add(erasure("young", NOON));

        assertThat(journal.expire(NOON)).isEqualTo(1);
        assertThat(journal.since(Instant.EPOCH.plus(ErasureJournal.MARGIN)))
                .extracting(Erasure::id)
                .containsExactly("young");
    }

    @Test
    void nothing_of_it_can_be_read_in_the_vault() {
        journal.add(erasure("one", NOON));

        assertThat(vault.list("clusters/42/erasures/"))
                .hasSize(1)
                .allSatisfy(name -> assertThat(new String(vault.get(name).orElseThrow(), StandardCharsets.ISO_8859_1))
                        .doesNotContain("nord")
                        .doesNotContain("key-1"));
    }

    @Test
    void an_id_that_would_lead_out_of_the_journal_is_refused() {
        assertThatThrownBy(() -> journal.add(erasure("../manifest", NOON)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
