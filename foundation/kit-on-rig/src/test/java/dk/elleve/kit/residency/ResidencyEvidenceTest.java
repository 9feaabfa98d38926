package dk.elleve.kit.residency;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.contracts.Evidence;
import dk.elleve.contracts.Topic;
import dk.elleve.kit.KitProperties;
import dk.elleve.kit.KitRig;
import dk.elleve.kit.outbox.Outbox;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.kit.test.TopicProbe;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class ResidencyEvidenceTest extends KitRig {

    private final KitProperties properties;
    private final Transactions transactions;
    private final Outbox outbox;

    @Autowired
    ResidencyEvidenceTest(KitProperties properties, Transactions transactions, Outbox outbox) {
        this.properties = properties;
        this.transactions = transactions;
        this.outbox = outbox;
    }

    @Test
    void what_is_looked_at_stands_in_the_evidence_and_an_objection_breaks_it() {
        var seen = UUID.randomUUID().toString();
        var allowed = check(Optional.empty(), seen);

        evidence(allowed).sayWhatIsLookedAt();
        evidence(allowed, check(Optional.of("it has moved"), seen)).sayWhatIsLookedAt();

        try (var topics = TopicProbe.rig()) {
            var holds = heard(topics, seen, true);
            assertThat(holds.claim()).isEqualTo("residency." + properties.service());
            assertThat(holds.facts()).containsEntry("blob", "westeurope").doesNotContainKey("objection");
            assertThat(heard(topics, seen, false).facts()).containsEntry("objection", "it has moved");
        }
    }

    @Test
    void what_cannot_be_looked_at_is_not_spoken_of() {
        var before = UUID.randomUUID().toString();
        var after = UUID.randomUUID().toString();
        var blind = new ResidencyCheck() {
            @Override
            public Optional<String> objection() {
                throw new IllegalStateException("away");
            }

            @Override
            public Map<String, String> facts() {
                return Map.of("seen", before);
            }
        };

        evidence(blind).sayWhatIsLookedAt();
        evidence(check(Optional.empty(), after)).sayWhatIsLookedAt();

        try (var topics = TopicProbe.rig()) {
            heard(topics, after, true);
            assertThat(topics.all(Topic.BREACH_EVIDENCE))
                    .noneMatch(each ->
                            before.equals(each.as(Evidence.class).facts().get("seen")));
        }
    }

    private static Evidence heard(TopicProbe topics, String seen, boolean holds) {
        return topics.await(Topic.BREACH_EVIDENCE, Duration.ofSeconds(20), each -> {
                    var evidence = each.as(Evidence.class);
                    return seen.equals(evidence.facts().get("seen")) && evidence.holds() == holds;
                })
                .as(Evidence.class);
    }

    private ResidencyEvidence evidence(ResidencyCheck... checks) {
        var residency = new Residency(
                new ResidencyProperties(List.of("westeurope"), Map.of("blob", "westeurope")), List.of(), false);
        return new ResidencyEvidence(residency, List.of(checks), properties, transactions, outbox, Clock.systemUTC());
    }

    private static ResidencyCheck check(Optional<String> objection, String seen) {
        return new ResidencyCheck() {
            @Override
            public Optional<String> objection() {
                return objection;
            }

            @Override
            public Map<String, String> facts() {
                return Map.of("seen", seen);
            }
        };
    }
}
