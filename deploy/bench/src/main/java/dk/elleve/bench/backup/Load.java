package dk.elleve.bench.backup;

import dk.elleve.backup.wire.Lsn;
import dk.elleve.bench.Latencies;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// pgbench's transaction (TPC-B) at a rate, and how long what it writes stays outside the vault.
final class Load {

    private static final int RATE = 100;
    private static final long LOOK_EVERY = 20_000_000;

    private record Mark(long at, Lsn end) {}

    private final Source source;
    private final int scale;

    Load(Source source, int scale) {
        this.source = source;
        this.scale = scale;
    }

    /// From the moment the server had flushed a byte until the vault holds it.
    Latencies lag(Elleve elleve, Duration span) throws Exception {
        var lag = new Latencies();
        var marks = new ArrayDeque<Mark>();
        var random = new SplittableRandom(1);
        try (var threads = Executors.newSingleThreadScheduledExecutor();
                var writer = source.connect();
                var reader = source.connect();
                var flushed = reader.prepareStatement("SELECT pg_current_wal_flush_lsn()")) {
            writer.setAutoCommit(false);
            var work = threads.scheduleAtFixedRate(
                    () -> transaction(writer, random), 0, 1_000_000 / RATE, TimeUnit.MICROSECONDS);
            var end = System.nanoTime() + span.toNanos();
            while (System.nanoTime() < end || !marks.isEmpty()) {
                var now = System.nanoTime();
                if (now < end) {
                    try (var rows = flushed.executeQuery()) {
                        rows.next();
                        marks.add(new Mark(now, Lsn.parse(rows.getString(1))));
                    }
                }
                while (!marks.isEmpty()
                        && !elleve.shipped().isBefore(marks.getFirst().end())) {
                    lag.add((System.nanoTime() - marks.removeFirst().at()) / 1000);
                }
                if (work.isDone()) {
                    throw new IllegalStateException("The writer stopped", work.exceptionNow());
                }
                LockSupport.parkNanos(LOOK_EVERY);
            }
            work.cancel(false);
        }
        return lag;
    }

    private void transaction(Connection connection, SplittableRandom random) {
        var account = 1 + random.nextInt(scale * 100_000);
        var teller = 1 + random.nextInt(scale * 10);
        var branch = 1 + random.nextInt(scale);
        var delta = random.nextInt(-5000, 5001);
        try (var statement = connection.createStatement()) {
            statement.execute("UPDATE pgbench_accounts SET abalance = abalance + " + delta + " WHERE aid = " + account);
            statement.execute("UPDATE pgbench_tellers SET tbalance = tbalance + " + delta + " WHERE tid = " + teller);
            statement.execute("UPDATE pgbench_branches SET bbalance = bbalance + " + delta + " WHERE bid = " + branch);
            statement.execute("INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (" + teller + ", "
                    + branch + ", " + account + ", " + delta + ", CURRENT_TIMESTAMP)");
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
