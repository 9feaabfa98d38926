package dk.elleve.audit.answers;

import dk.elleve.contracts.Actor;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// What can be answered now, and since when.
@Component
class Answers {

    record AnswerView(
            int number,
            Text question,
            String state,
            @Nullable Instant since,
            List<ClaimView> claims) {}

    /// @param lastProof when it was last measured and held
    record ClaimView(
            String id,
            Text text,
            String state,
            @Nullable Instant lastProof,
            String freshFor,
            @Nullable EvidenceView evidence) {}

    /// The newest measurement, whether it held or not.
    ///
    /// @param index of the entry that holds it; absent for the second until it has one
    /// @param lastProofIndex of the entry that holds the newest measurement that held
    record EvidenceView(
            Map<String, String> facts,
            boolean holds,
            Instant measuredAt,
            @Nullable Long index,
            @Nullable Long lastProofIndex) {}

    private static final Actor ACTOR = Actor.system("audit/answers");

    private final AnswerStore store;
    private final Transactions transactions;
    private final Clock clock;

    Answers(AnswerStore store, Transactions transactions, Clock clock) {
        this.store = store;
        this.transactions = transactions;
        this.clock = clock;
    }

    List<AnswerView> all() {
        return transactions.read(Scope.platform(), () -> {
            var proofs = store.proofs();
            var present = store.present();
            return IntStream.rangeClosed(1, Catalogue.size())
                    .mapToObj(number -> view(number, proofs, present.get(number)))
                    .toList();
        });
    }

    List<AnswerStore.Span> history(int number, Instant from) {
        return transactions.read(Scope.platform(), () -> store.history(number, from));
    }

    /// The share of the time that is on record in which the answer was proven; -1 where none is.
    double provenShare(List<AnswerStore.Span> spans, Instant from) {
        var now = clock.instant();
        var all = Duration.ZERO;
        var proven = Duration.ZERO;
        for (var span : spans) {
            var start = span.since().isBefore(from) ? from : span.since();
            var length = Duration.between(start, span.until() == null ? now : span.until());
            all = all.plus(length);
            if (span.state().equals(State.PROVEN.word())) {
                proven = proven.plus(length);
            }
        }
        return all.isPositive() ? (double) proven.toMillis() / Math.max(1, all.toMillis()) : -1;
    }

    /// Writes history: a proof that grows old changes an answer without anybody saying anything.
    @Scheduled(fixedDelay = 2_000)
    void look() {
        if (changes().isEmpty()) {
            return;
        }
        transactions.run(Scope.platform(), ACTOR, () -> {
            store.lead();
            changes().forEach((number, change) -> store.changed(number, change.state(), change.since()));
        });
    }

    private record Change(State state, Instant since) {}

    private Map<Integer, Change> changes() {
        return transactions.read(Scope.platform(), () -> {
            var proofs = store.proofs();
            var present = store.present();
            var changes = new TreeMap<Integer, Change>();
            for (int number = 1; number <= Catalogue.size(); number++) {
                var state = state(number, proofs);
                var span = present.get(number);
                if (span == null || !span.state().equals(state.word())) {
                    changes.put(number, new Change(state, since(number, state, proofs, span)));
                }
            }
            return changes;
        });
    }

    /// When the answer came into its state: now, except that a proof grows old at a known moment, which
    /// may be long ago if nobody looked. A broken answer that becomes stale was broken until now.
    private Instant since(int number, State state, Map<String, ClaimProof> proofs, AnswerStore.@Nullable Span before) {
        var now = clock.instant();
        if (state != State.STALE || before == null || before.state().equals(State.BROKEN.word())) {
            return now;
        }
        var grewOld = now;
        for (var claim : Catalogue.claims(number)) {
            var proof = proofs.get(claim.id());
            if (proof != null && claim.standsUntil(proof).isBefore(grewOld)) {
                grewOld = claim.standsUntil(proof);
            }
        }
        return grewOld.isAfter(before.since()) ? grewOld : before.since();
    }

    private State state(int number, Map<String, ClaimProof> proofs) {
        var now = clock.instant();
        return State.weakest(Catalogue.claims(number).stream()
                .map(claim -> claim.state(proofs.get(claim.id()), now))
                .toList());
    }

    private AnswerView view(int number, Map<String, ClaimProof> proofs, AnswerStore.@Nullable Span present) {
        var now = clock.instant();
        var state = state(number, proofs);
        var claims = new ArrayList<ClaimView>();
        for (var claim : Catalogue.claims(number)) {
            var proof = proofs.get(claim.id());
            claims.add(new ClaimView(
                    claim.id(),
                    claim.text(),
                    claim.state(proof, now).word(),
                    proof == null ? null : proof.provenAt(),
                    claim.freshFor().toString(),
                    proof == null
                            ? null
                            : new EvidenceView(
                                    proof.facts(),
                                    proof.holds(),
                                    proof.measuredAt(),
                                    proof.index(),
                                    proof.provenIndex())));
        }
        return new AnswerView(
                number,
                Catalogue.question(number),
                state.word(),
                present != null && present.state().equals(state.word()) ? present.since() : null,
                claims);
    }
}
