package dk.elleve.breach.notice;

import dk.elleve.kit.measure.Measure;
import dk.elleve.kit.measure.Sample;
import dk.elleve.kit.measure.Sampler;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.time.Clock;
import java.time.Duration;
import org.springframework.stereotype.Component;

/// Whether the data protection officer's mails leave.
@Component
class MailSampler implements Sampler {

    static final Measure FAILURES =
            new Measure("elleve.breach.mail.failures", "Attempts to send a mail that failed; each is repeated");

    private static final Measure WAITING =
            new Measure("elleve.breach.mail.waiting", "Mails to the data protection officer that are not sent yet");
    private static final Measure OLDEST = new Measure(
            "elleve.breach.mail.oldest.age", "seconds", "How long the oldest of them has waited; 0 when none does");

    private final MailStore store;
    private final Transactions transactions;
    private final Clock clock;

    MailSampler(MailStore store, Transactions transactions, Clock clock) {
        this.store = store;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "mail";
    }

    @Override
    public void sample(Sample sample) {
        var backlog = transactions.read(Scope.platform(), store::backlog);
        sample.put(WAITING, backlog.mails());
        sample.put(
                OLDEST,
                backlog.oldestAt()
                        .map(at -> Duration.between(at, clock.instant()))
                        .orElse(Duration.ZERO));
    }
}
