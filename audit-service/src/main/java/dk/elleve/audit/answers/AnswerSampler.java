package dk.elleve.audit.answers;

import dk.elleve.kit.measure.Measure;
import dk.elleve.kit.measure.Sample;
import dk.elleve.kit.measure.Sampler;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.time.Clock;
import java.time.Duration;
import org.springframework.stereotype.Component;

/// The eleven answers and the claims behind them, as numbers.
@Component
class AnswerSampler implements Sampler {

    private static final Measure ANSWER = new Measure(
            "elleve.audit.answer.state", "State of the answer: 0 proven, 1 not yet proven, 2 stale, 3 broken");
    private static final Measure HOLDS =
            new Measure("elleve.audit.claim.holds", "1 if the newest measurement of the claim held, else 0");
    private static final Measure AGE =
            new Measure("elleve.audit.claim.age", "seconds", "How long ago the claim was last measured");
    private static final Measure FRESH =
            new Measure("elleve.audit.claim.fresh.for", "seconds", "How old the claim's newest measurement may be");

    private final AnswerStore store;
    private final Transactions transactions;
    private final Clock clock;

    AnswerSampler(AnswerStore store, Transactions transactions, Clock clock) {
        this.store = store;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "answers";
    }

    @Override
    public void sample(Sample sample) {
        var proofs = transactions.read(Scope.platform(), store::proofs);
        var now = clock.instant();
        for (int number = 1; number <= Catalogue.size(); number++) {
            var claims = Catalogue.claims(number);
            var state = State.weakest(claims.stream()
                    .map(claim -> claim.state(proofs.get(claim.id()), now))
                    .toList());
            // Two digits, so that lists sort them.
            sample.put(ANSWER, state.ordinal(), "number", "%02d".formatted(number));
            for (var claim : claims) {
                var proof = proofs.get(claim.id());
                if (proof != null) {
                    sample.put(HOLDS, proof.holds() ? 1 : 0, "claim", claim.id());
                    sample.put(AGE, Duration.between(proof.measuredAt(), now), "claim", claim.id());
                    sample.put(FRESH, claim.freshFor(), "claim", claim.id());
                }
            }
        }
    }
}
