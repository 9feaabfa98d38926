package dk.elleve.audit.log;

import dk.elleve.audit.Neighbour;
import dk.elleve.contracts.Actor;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;

/// Work on `data.item` as real work is: several at once, COPY and single rows, changed keys, work taken back in part
/// and as a whole, now and then very many rows; every second transaction is signed.
final class Load {

    private static final int WRITERS = 3;

    /// Between two transactions of a writer. Nobody gathers what is written while a killed process starts again, and at
    /// the end somebody has to: this much is some thousand rows for each kill.
    private static final long PAUSE_MILLIS = 400;

    private final Neighbour neighbour;
    private final Set<Long> signed = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(WRITERS);
    private final List<Connection> connections = new ArrayList<>();
    private final List<ScheduledFuture<?>> writers = new ArrayList<>();

    Load(Neighbour neighbour) {
        this.neighbour = neighbour;
    }

    void start() throws SQLException {
        for (int i = 0; i < WRITERS; i++) {
            var connection = neighbour.connect("breach_service");
            connection.setAutoCommit(false);
            connections.add(connection);
            var writer = new Writer(connection, "w" + i, new Random(i));
            writers.add(threads.scheduleWithFixedDelay(writer, 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS));
        }
    }

    /// When it returns, everything is committed or rolled back.
    ///
    /// @return the transactions that said who made them
    Set<Long> stop() throws Exception {
        writers.forEach(writer -> writer.cancel(false));
        threads.shutdown();
        threads.awaitTermination(60, TimeUnit.SECONDS);
        for (var writer : writers) {
            if (writer.state() == Future.State.FAILED) {
                throw new ExecutionException(writer.exceptionNow());
            }
        }
        for (var connection : connections) {
            connection.close();
        }
        return signed;
    }

    private final class Writer implements Runnable {

        private final Connection connection;
        private final String name;
        private final Random random;
        private long next = 1;

        Writer(Connection connection, String name, Random random) {
            this.connection = connection;
            this.name = name;
            this.random = random;
        }

        @Override
        public void run() {
            try {
                var signs = random.nextBoolean();
                var transaction = transaction();
                if (signs) {
                    Neighbour.emit(connection, neighbour.message(connection, Actor.system("test/load"), null));
                }
                for (int i = 1 + random.nextInt(4); i > 0; i--) {
                    statement();
                }
                if (random.nextInt(6) == 0) {
                    var savepoint = connection.setSavepoint();
                    statement();
                    connection.rollback(savepoint);
                }
                if (random.nextInt(8) == 0) {
                    connection.rollback();
                } else {
                    connection.commit();
                    if (signs) {
                        signed.add(transaction);
                    }
                }
            } catch (SQLException | IOException e) {
                throw new IllegalStateException(e);
            }
        }

        private long transaction() throws SQLException {
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery("SELECT pg_current_xact_id()::text")) {
                row.next();
                return Long.parseLong(row.getString(1)) & 0xffff_ffffL;
            }
        }

        private void statement() throws SQLException, IOException {
            int rows = random.nextInt(250) == 0 ? 5000 : 1 + random.nextInt(random.nextInt(20) == 0 ? 200 : 6);
            long back = Math.max(1, next - random.nextInt(400));
            var range = " WHERE tenant_id = '" + name + "' AND id BETWEEN " + back + " AND " + (back + rows);
            switch (random.nextInt(6)) {
                case 0, 1 -> copy(rows);
                case 2 -> {
                    Neighbour.run(
                            connection,
                            "INSERT INTO data.item SELECT '%s', i, 'n' || i FROM generate_series(%d, %d) i"
                                    .formatted(name, next, next + rows - 1));
                    next += rows;
                }
                case 3 -> Neighbour.run(connection, "UPDATE data.item SET note = note || 'u'" + range);
                case 4 -> Neighbour.run(connection, "DELETE FROM data.item" + range);
                default -> {
                    // To an id that was never used and never will be.
                    Neighbour.run(
                            connection,
                            "UPDATE data.item SET id = -%d WHERE tenant_id = '%s' AND id = %d"
                                    .formatted(next, name, back));
                    next++;
                }
            }
        }

        private void copy(int rows) throws SQLException, IOException {
            var text = new StringBuilder();
            for (int i = 0; i < rows; i++, next++) {
                text.append(name)
                        .append('\t')
                        .append(next)
                        .append("\tc")
                        .append(next)
                        .append('\n');
            }
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY data.item (tenant_id, id, note) FROM STDIN", new StringReader(text.toString()));
        }
    }
}
