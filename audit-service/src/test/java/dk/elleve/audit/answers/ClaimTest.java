package dk.elleve.audit.answers;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.contracts.Topic;
import dk.elleve.kit.test.MovingClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClaimTest {

    private final MovingClock clock = MovingClock.at("2026-03-01T09:00:00Z");
    private final Claim claim = new Claim("c", 1, Topic.AUDIT_EVIDENCE, Duration.ofMinutes(5), new Text("da", "en"));

    @Test
    void a_claim_without_a_measurement_is_unproven() {
        assertThat(claim.state(null, clock.instant())).isEqualTo(State.UNPROVEN);
    }

    @Test
    void a_proof_stands_until_it_is_old() {
        var proof = proof(true);

        clock.advance(Duration.ofMinutes(5));
        assertThat(claim.state(proof, clock.instant())).isEqualTo(State.PROVEN);
        clock.advance(Duration.ofNanos(1000));
        assertThat(claim.state(proof, clock.instant())).isEqualTo(State.STALE);
    }

    @Test
    void a_measurement_against_it_breaks_the_claim_and_does_not_heal_by_age() {
        var proof = proof(false);
        clock.advance(Duration.ofDays(400));

        assertThat(claim.state(proof, clock.instant())).isEqualTo(State.BROKEN);
    }

    @Test
    void the_weakest_claim_decides() {
        assertThat(State.weakest(List.of(State.PROVEN, State.PROVEN))).isEqualTo(State.PROVEN);
        assertThat(State.weakest(List.of(State.PROVEN, State.UNPROVEN))).isEqualTo(State.UNPROVEN);
        assertThat(State.weakest(List.of(State.STALE, State.UNPROVEN))).isEqualTo(State.STALE);
        assertThat(State.weakest(List.of(State.STALE, State.BROKEN, State.PROVEN)))
                .isEqualTo(State.BROKEN);
        assertThat(State.weakest(List.of())).isEqualTo(State.UNPROVEN);
    }

    @Test
    void every_question_has_claims_and_every_claim_one_question_and_both_languages() {
        assertThat(Catalogue.size()).isEqualTo(11);
        var ids = IntStream.rangeClosed(1, 11)
                .mapToObj(Catalogue::claims)
                .peek(claims -> assertThat(claims).isNotEmpty())
                .flatMap(List::stream)
                .peek(each -> assertThat(each.text().da())
                        .isNotBlank()
                        .isNotEqualTo(each.text().en()))
                .map(Claim::id)
                .toList();
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(Catalogue.find("no.such")).isEmpty();
    }

    private ClaimProof proof(boolean holds) {
        return new ClaimProof("c", holds, clock.instant(), Map.of(), clock.instant(), 1L, 1L);
    }
}
