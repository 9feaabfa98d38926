package dk.elleve.audit.log;

import static dk.elleve.kit.test.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.audit.AuditRig;
import dk.elleve.audit.Neighbour;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Finding;
import dk.elleve.contracts.Topic;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.kit.test.Rig;
import dk.elleve.kit.test.TopicProbe;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class StretchesStoryTest extends AuditRig {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Actor ACTOR = Actor.system("test/stretches");

    private final Stretches stretches;
    private final LogStore store;
    private final Journal journal;
    private final Transactions transactions;

    @Autowired
    StretchesStoryTest(Stretches stretches, LogStore store, Journal journal, Transactions transactions) {
        this.stretches = stretches;
        this.store = store;
        this.journal = journal;
        this.transactions = transactions;
    }

    @Test
    void a_stretch_that_hides_its_entries_from_searches_is_found_told_and_summed_up_anew() throws Exception {
        var hidden = "hidden-" + UUID.randomUUID();
        add(hidden, 1);
        long number = until("the entry has a place", SOON, () -> newest(hidden), index -> index >= 0) >> 8;
        // The newest stretch is left to whoever appends.
        add("others", 600);
        until("a stretch after it", SOON, this::newestStretch, newest -> newest > number);
        assertThat(wrong()).isEmpty();

        try (var superuser = Rig.postgres().superuser("audit").getConnection();
                var topics = TopicProbe.rig()) {
            // The service looks by itself, too: not meanwhile.
            synchronized (stretches) {
                Neighbour.run(superuser, "UPDATE data.stretch SET actors = '{}' WHERE number = " + number);
                assertThat(newest(hidden)).as("no search finds it").isEqualTo(-1);
                assertThat(wrong()).containsExactly(number);
            }

            var finding = until(
                    "told",
                    SOON,
                    () -> {
                        stretches.look();
                        return topics.all(Topic.AUDIT_FINDINGS).stream()
                                .map(heard -> heard.as(Finding.class))
                                .filter(each -> each.resource().equals("audit/stretch"))
                                .toList();
                    },
                    told -> !told.isEmpty());

            assertThat(finding).hasSize(1);
            assertThat(finding.getFirst().facts()).containsEntry("changed", Long.toString(number));
            assertThat(newest(hidden) >> 8).as("found again").isEqualTo(number);
            Neighbour.run(superuser, "DELETE FROM data.stretch WHERE number = " + number);
            until(
                    "there again",
                    SOON,
                    () -> {
                        stretches.look();
                        return wrong();
                    },
                    List::isEmpty);
        }
    }

    private void add(String actor, int entries) {
        transactions.run(
                Scope.platform(),
                ACTOR,
                () -> journal.add(IntStream.range(0, entries)
                        .mapToObj(i -> new NewEntry(
                                UUID.randomUUID(),
                                EntryKind.CHANGE,
                                Set.of(Mark.SYSTEM),
                                null,
                                Instant.now(),
                                new Content(Actor.system(actor), "stretches/" + i, null, Map.of(), Map.of())))
                        .toList()));
    }

    /// @return -1 if nothing is found
    private long newest(String actor) {
        try {
            var found = get("auditor", "/audit/entries?limit=1&actor=" + actor).items();
            return found.isEmpty() ? -1 : found.get(0).path("index").asLong();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private long newestStretch() {
        return transactions.read(Scope.platform(), store::newestStretch);
    }

    private List<Long> wrong() {
        return transactions.read(Scope.platform(), () -> store.wrongStretches(0, store.newestStretch()));
    }
}
