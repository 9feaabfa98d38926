package dk.elleve.audit.siem;

import dk.elleve.audit.checkpoint.Publisher;
import dk.elleve.audit.search.EntryFeed;
import dk.elleve.kit.measure.Measure;
import dk.elleve.kit.measure.Sample;
import dk.elleve.kit.measure.Sampler;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.time.Clock;
import java.time.Duration;
import org.springframework.stereotype.Component;

/// What each receiver lacks, asked of the database: every instance can tell it, also when none sends.
@Component
class SiemSampler implements Sampler {

    private static final Measure ENTRIES = new Measure(
            "elleve.audit.siem.lag.entries",
            "Published entries for the receiver that were not sent; counted to 100,000");
    private static final Measure SECONDS = new Measure(
            "elleve.audit.siem.lag", "seconds", "How long ago the oldest of them happened; 0 when there is none");

    private final SiemProperties properties;
    private final SiemStore store;
    private final EntryFeed feed;
    private final Publisher publisher;
    private final Transactions transactions;
    private final Clock clock;

    SiemSampler(
            SiemProperties properties,
            SiemStore store,
            EntryFeed feed,
            Publisher publisher,
            Transactions transactions,
            Clock clock) {
        this.properties = properties;
        this.store = store;
        this.feed = feed;
        this.publisher = publisher;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "siem";
    }

    @Override
    public void sample(Sample sample) {
        if (properties.siem().isEmpty()) {
            sample.put(ENTRIES, 0, "destination", "");
            sample.put(SECONDS, 0, "destination", "");
        }
        long size = publisher.published().map(Publisher.Published::size).orElse(0L);
        for (var destination : properties.siem()) {
            transactions
                    .read(Scope.platform(), () -> store.position(destination.name()))
                    .map(position -> feed.backlog(destination.selection(), position.sent(), size))
                    .ifPresent(backlog -> {
                        sample.put(ENTRIES, backlog.entries(), "destination", destination.name());
                        sample.put(
                                SECONDS,
                                backlog.oldest() == null
                                        ? Duration.ZERO
                                        : Duration.between(backlog.oldest(), clock.instant()),
                                "destination",
                                destination.name());
                    });
        }
    }
}
