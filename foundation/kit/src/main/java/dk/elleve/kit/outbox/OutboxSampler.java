package dk.elleve.kit.outbox;

import dk.elleve.kit.measure.Measure;
import dk.elleve.kit.measure.Sample;
import dk.elleve.kit.measure.Sampler;

/// How much news waits.
final class OutboxSampler implements Sampler {

    static final Measure SENT = new Measure("elleve.outbox.sent", "Events that left the outbox");

    private static final Measure WAITING =
            new Measure("elleve.outbox.waiting", "events", "Events that wait in the outbox to be sent to Kafka");
    private static final Measure OLDEST = new Measure(
            "elleve.outbox.oldest.age",
            "seconds",
            "How long the oldest event in the outbox has waited; 0 when none does");

    private final OutboxStore store;

    OutboxSampler(OutboxStore store) {
        this.store = store;
    }

    @Override
    public String name() {
        return "outbox";
    }

    @Override
    public void sample(Sample sample) {
        var backlog = store.backlog();
        sample.put(WAITING, backlog.events());
        sample.put(OLDEST, backlog.oldestAge());
    }
}
