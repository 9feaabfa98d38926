package dk.elleve.audit.siem;

import dk.elleve.audit.checkpoint.Publisher;
import dk.elleve.audit.search.EntryFeed;
import dk.elleve.contracts.Actor;
import dk.elleve.kit.measure.Measure;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends one receiver what comes under a checkpoint, in order of index. The position moves after
/// the kernel has taken the bytes; a connection that is new, for whatever reason, begins a [Window]
/// earlier. So everything arrives at least once as long as the window is larger than what buffers
/// on the way hold, and twice now and then.
///
/// For use by one thread, except [#abort()].
final class Sender {

    private static final Actor ACTOR = Actor.system("audit/siem");
    private static final int BATCH = 500;
    private static final Duration LONGEST_REST = Duration.ofMinutes(1);

    static final Measure MESSAGES = new Measure(
            "elleve.audit.siem.messages", "Messages given to the receiver's connection, those sent again included");
    static final Measure FAILURES =
            new Measure("elleve.audit.siem.failures", "Connections to the receiver that broke or did not come about");

    private static final Logger log = LoggerFactory.getLogger(Sender.class);

    /// @param connection to the receiver
    /// @param window what was sent on it last
    /// @param position as it is stored
    private record Work(SyslogConnection connection, Window window, Position position) {}

    private final SiemProperties.Destination destination;
    private final SiemStore.Lead lead;
    private final SiemStore store;
    private final EntryFeed feed;
    private final Publisher publisher;
    private final Transactions transactions;
    private final Clock clock;
    private final Counter messages;
    private final Counter failures;
    private @Nullable Work work;
    private volatile @Nullable SyslogConnection current;
    private volatile boolean stopping;
    private int failedInARow;
    private @Nullable Instant restsUntil;

    Sender(
            SiemProperties.Destination destination,
            SiemStore.Lead lead,
            SiemStore store,
            EntryFeed feed,
            Publisher publisher,
            Transactions transactions,
            Clock clock,
            MeterRegistry meters) {
        this.destination = destination;
        this.lead = lead;
        this.store = store;
        this.feed = feed;
        this.publisher = publisher;
        this.transactions = transactions;
        this.clock = clock;
        this.messages = MESSAGES.counter(meters, "destination", destination.name());
        this.failures = FAILURES.counter(meters, "destination", destination.name());
    }

    /// Sends all there is. What fails ends the connection and is tried again after a rest: nothing
    /// is given up.
    void turn() {
        if (restsUntil != null && clock.instant().isBefore(restsUntil)) {
            return;
        }
        try {
            if (!lead.held()) {
                close();
                return;
            }
            if (work == null) {
                work = begin();
                log.info(
                        "The log is sent to {} from {} on",
                        destination.name(),
                        work.position().resume() + 1);
            }
            deliver();
            failedInARow = 0;
            restsUntil = null;
        } catch (IOException | RuntimeException away) {
            if (stopping) {
                return; // it was ended from here
            }
            failures.increment();
            failedInARow++;
            var rest = rest(failedInARow);
            restsUntil = clock.instant().plus(rest);
            log.warn("The log cannot be sent to {} and is tried again in {}", destination.name(), rest, away);
            breakOff();
        }
    }

    /// From a second to a minute.
    static Duration rest(int failures) {
        var rest = Duration.ofSeconds(1L << Math.min(failures - 1, 6));
        return rest.compareTo(LONGEST_REST) < 0 ? rest : LONGEST_REST;
    }

    private Work begin() throws IOException {
        var position = steppedBack();
        var connection = SyslogConnection.open(destination);
        current = connection;
        return new Work(connection, new Window(destination.window().toBytes(), position.resume()), position);
    }

    /// Stored before anything is tried: what may be lost counts as not sent.
    private Position steppedBack() {
        return transactions.write(Scope.platform(), ACTOR, () -> {
            var stored = store.position(destination.name());
            if (stored.isEmpty()) {
                var first = Position.at(
                        switch (destination.from()) {
                            case NEWEST -> published() - 1;
                            case BEGINNING -> -1;
                        });
                store.begin(destination.name(), first);
                return first;
            }
            var before = stored.get();
            var position = before.broken();
            if (!position.equals(before)) {
                moved(before, position);
            }
            return position;
        });
    }

    private void deliver() throws IOException {
        var size = published();
        boolean more = true;
        while (more && !stopping) {
            var now = work;
            if (now == null || !now.connection().open()) {
                throw new IOException("The receiver has ended the connection");
            }
            var batch = feed.after(
                    destination.selection(),
                    destination.format(),
                    now.position().sent(),
                    size,
                    BATCH);
            more = batch.size() == BATCH;
            long passed =
                    more ? batch.getLast().index() : Math.max(now.position().sent(), size - 1);
            if (!batch.isEmpty()) {
                now.connection().send(batch);
                messages.increment(batch.size());
                batch.forEach(message -> now.window().add(message.index(), message.bytes().length));
            }
            var position = new Position(passed, now.window().resume(passed));
            if (!position.equals(now.position())) {
                // A crash before this sends the batch again.
                transactions.run(Scope.platform(), ACTOR, () -> moved(now.position(), position));
                work = new Work(now.connection(), now.window(), position);
            }
        }
    }

    private void moved(Position before, Position now) {
        if (!store.move(destination.name(), before, now)) {
            throw new IllegalStateException("Another instance sends to " + destination.name() + ", too");
        }
    }

    private long published() {
        return publisher.published().map(Publisher.Published::size).orElse(0L);
    }

    private void breakOff() {
        abort();
        if (work == null) {
            return;
        }
        work = null;
        try {
            // Seen at once as a lag; where the database is away, the next connection does it.
            steppedBack();
        } catch (RuntimeException away) {
            log.warn("The position of {} is stepped back later", destination.name(), away);
        }
    }

    /// Ends the connection in good order.
    void close() {
        var open = work;
        work = null;
        current = null;
        if (open != null) {
            try {
                open.connection().close();
            } catch (IOException broken) {
                log.info("The connection to {} had no orderly end: {}", destination.name(), broken.getMessage());
            }
        }
    }

    /// The turn under way ends soon, unless the receiver does not read.
    void stop() {
        stopping = true;
    }

    /// Ends the connection at once, whoever uses it.
    void abort() {
        var open = current;
        current = null;
        if (open != null) {
            try {
                open.abort();
            } catch (IOException broken) {
                log.info("The connection to {} was broken already: {}", destination.name(), broken.getMessage());
            }
        }
    }
}
