package dk.elleve.audit.capture;

import dk.elleve.kit.measure.Measure;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Counts changes where they come out of the stream, and again where they are committed to the log. What was seen was
/// stored, or was there already, or could not be stored and comes again; anything else is lost.
@Component
class CaptureCounters {

    private static final Measure SEEN = new Measure(
            "elleve.audit.changes.seen", "Changes of rows and structure that came whole from the source's stream");
    private static final Measure STORED =
            new Measure("elleve.audit.changes.stored", "Changes of the source that were committed to the log");
    private static final Measure REPEATED = new Measure(
            "elleve.audit.changes.repeated", "Changes that came again after a restart and were in the log already");
    private static final Measure FAILED = new Measure(
            "elleve.audit.changes.failed", "Changes that could not be stored; they are seen again from the slot");
    private static final Measure AUTHORLESS = new Measure(
            "elleve.audit.transactions.without.author", "Transactions of the source without a known author");

    private final MeterRegistry meters;

    CaptureCounters(MeterRegistry meters, CaptureProperties properties) {
        this.meters = meters;
        for (var source : properties.sources()) {
            for (var measure : new Measure[] {SEEN, STORED, REPEATED, FAILED, AUTHORLESS}) {
                measure.counter(meters, "source", source);
            }
        }
    }

    void seen(String source, long changes) {
        SEEN.counter(meters, "source", source).increment(changes);
    }

    void failed(String source, long changes) {
        FAILED.counter(meters, "source", source).increment(changes);
    }

    /// Counts when the present transaction has committed, and never if it does not.
    void stored(String source, long changes, long repeated, long authorless) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                STORED.counter(meters, "source", source).increment(changes);
                REPEATED.counter(meters, "source", source).increment(repeated);
                AUTHORLESS.counter(meters, "source", source).increment(authorless);
            }
        });
    }
}
