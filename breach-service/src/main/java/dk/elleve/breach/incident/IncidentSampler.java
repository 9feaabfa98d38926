package dk.elleve.breach.incident;

import dk.elleve.breach.obligation.Obligations;
import dk.elleve.contracts.Finding;
import dk.elleve.kit.measure.Measure;
import dk.elleve.kit.measure.Sample;
import dk.elleve.kit.measure.Sampler;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.springframework.stereotype.Component;

/// How many cases stand open, and how long there is to tell the authority.
@Component
class IncidentSampler implements Sampler {

    private static final Measure CASES =
            new Measure("elleve.breach.cases", "Cases that are not closed, by state and severity");
    private static final Measure RUNNING =
            new Measure("elleve.breach.clocks.running", "Cases of which the authority is still to be told");
    private static final Measure NEXT = new Measure(
            "elleve.breach.clock.left",
            "seconds",
            "Time left until the authority must have been told of the most urgent case; below 0 it is late");
    private static final Measure MISSED = new Measure(
            "elleve.breach.clocks.missed",
            "Cases of which the authority was told too late, or was not told in time, ever");

    private final IncidentStore store;
    private final Obligations obligations;
    private final Transactions transactions;
    private final Clock clock;

    IncidentSampler(IncidentStore store, Obligations obligations, Transactions transactions, Clock clock) {
        this.store = store;
        this.obligations = obligations;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "breach";
    }

    @Override
    public void sample(Sample sample) {
        var now = clock.instant();
        var open = transactions.read(Scope.platform(), store::unclosed);
        for (var state : Incident.State.values()) {
            for (var severity : Finding.Severity.values()) {
                if (state != Incident.State.CLOSED) {
                    sample.put(
                            CASES,
                            open.stream()
                                    .filter(each -> each.state() == state && each.severity() == severity)
                                    .count(),
                            "state",
                            state.word(),
                            "severity",
                            severity.name().toLowerCase(Locale.ROOT));
                }
            }
        }
        var due = open.stream()
                .filter(Incident::clockRuns)
                .map(each -> obligations.authorityDue(each.awareAt()))
                .sorted()
                .toList();
        sample.put(RUNNING, due.size());
        if (!due.isEmpty()) {
            sample.put(NEXT, Duration.between(now, due.getFirst()));
        }
        long late = due.stream().filter(now::isAfter).count();
        var limit = Duration.between(Instant.EPOCH, obligations.authorityDue(Instant.EPOCH));
        sample.put(MISSED, late + transactions.read(Scope.platform(), () -> store.toldLate(limit)));
    }
}
