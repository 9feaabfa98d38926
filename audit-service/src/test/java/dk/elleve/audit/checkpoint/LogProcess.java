package dk.elleve.audit.checkpoint;

import dk.elleve.audit.log.LogParts;
import dk.elleve.audit.log.OneScope;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Event;
import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import dk.elleve.kit.outbox.Outbox;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.kit.test.Faults;
import dk.elleve.kit.test.MovingClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// What one process holds in memory, over a database and blob storage that outlive it.
final class LogProcess {

    final LogParts log;
    final Rounds rounds;
    final Anchors anchors;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private final Stepping transactions;

    LogProcess(
            DataSource database,
            MemoryBlobs blobs,
            String logKey,
            Faults faults,
            MovingClock clock,
            List<Event> told,
            CheckpointProperties.Witness... witnesses) {
        transactions =
                new Stepping(new OneScope(new TransactionTemplate(new DataSourceTransactionManager(database))), faults);
        log = LogParts.over(database, transactions, blobs);
        var properties = new CheckpointProperties(
                logKey, Duration.ofMillis(5), Duration.ofMinutes(10), List.of(witnesses), Duration.ofSeconds(5));
        var key = new LogKey(properties);
        anchors = new Anchors(blobs, key);
        Outbox outbox = new Outbox() {
            @Override
            public void add(Topic topic, String of, @Nullable TenantId tenant, Event event) {
                told.add(event);
            }
        };
        var publisher = new Publisher(
                log.sequencer(),
                log.tiles(),
                new CheckpointStore(JdbcClient.create(database)),
                anchors,
                new Witnesses(properties, log.tiles(), clock, meters),
                key,
                blobs,
                transactions,
                outbox,
                clock,
                properties);
        rounds = new Rounds(log.sequencer(), publisher, transactions, outbox, clock, properties, meters);
    }

    void add(int entries) {
        log.add(transactions, entries);
    }

    /// Passes a point of failure before and after each commit.
    private record Stepping(OneScope inner, Faults faults) implements Transactions {

        @Override
        public <T> T read(Scope scope, Supplier<T> work) {
            return inner.read(scope, work);
        }

        @Override
        public <T> T write(Scope scope, Actor actor, Supplier<T> work) {
            var result = inner.write(scope, actor, () -> {
                var made = work.get();
                faults.at(MemoryBlobs.STEP);
                return made;
            });
            faults.at(MemoryBlobs.STEP);
            return result;
        }
    }
}
