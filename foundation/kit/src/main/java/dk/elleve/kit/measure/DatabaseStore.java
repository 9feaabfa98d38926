package dk.elleve.kit.measure;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What the service's own database says of itself and of the work the scheduler does there.
final class DatabaseStore implements Sampler {

    private static final Measure SIZE =
            new Measure("elleve.database.size", "bytes", "Size of the service's database on the server's disk");
    private static final Measure CONNECTIONS =
            new Measure("elleve.database.connections", "Connections to the whole PostgreSQL server, of everybody");
    private static final Measure MOST =
            new Measure("elleve.database.connections.limit", "Connections the whole PostgreSQL server takes");
    private static final Measure AGE = new Measure(
            "elleve.database.transaction.ids.used",
            "ratio",
            "Share of the transaction ids spent before the server must stop writing");
    private static final Measure DEADLOCKS =
            new Measure("elleve.database.deadlocks", "Deadlocks in the service's database since its statistics began");
    private static final Measure LONGEST = new Measure(
            "elleve.database.transaction.oldest.age",
            "seconds",
            "How long the oldest open transaction of the service's own login has been open");
    private static final Measure TASK_AGE = new Measure(
            "elleve.task.success.age", "seconds", "How long ago this scheduled task last succeeded, in any instance");
    private static final Measure TASK_FAILURES =
            new Measure("elleve.task.failures", "How often in a row this scheduled task has failed");

    private record Facts(double size, double connections, double most, double used, double deadlocks, double longest) {}

    private record Task(String name, double age, double failures) {}

    private final JdbcClient jdbc;

    DatabaseStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public String name() {
        return "database";
    }

    @Override
    public void sample(Sample sample) {
        var facts = facts();
        sample.put(SIZE, facts.size());
        sample.put(CONNECTIONS, facts.connections());
        sample.put(MOST, facts.most());
        sample.put(AGE, facts.used());
        sample.put(DEADLOCKS, facts.deadlocks());
        sample.put(LONGEST, facts.longest());
        for (var task : tasks()) {
            sample.put(TASK_AGE, task.age(), "task", task.name());
            sample.put(TASK_FAILURES, task.failures(), "task", task.name());
        }
    }

    /// As a login without privileges may see it: of other logins' transactions it sees nothing.
    private Facts facts() {
        return jdbc.sql("""
                        SELECT pg_database_size(d.oid),
                               (SELECT sum(numbackends) FROM pg_stat_database),
                               current_setting('max_connections')::int,
                               age(d.datfrozenxid) / 2000000000.0,
                               (SELECT deadlocks FROM pg_stat_database s WHERE s.datid = d.oid),
                               coalesce((SELECT extract(epoch FROM max(clock_timestamp() - xact_start))
                                         FROM pg_stat_activity a
                                         WHERE a.datid = d.oid AND a.pid <> pg_backend_pid()), 0)
                        FROM pg_database d
                        WHERE d.datname = current_database()
                        """)
                .query((row, i) -> new Facts(
                        row.getDouble(1),
                        row.getDouble(2),
                        row.getDouble(3),
                        row.getDouble(4),
                        row.getDouble(5),
                        row.getDouble(6)))
                .single();
    }

    private List<Task> tasks() {
        return jdbc.sql("""
                        SELECT task_name,
                               extract(epoch FROM clock_timestamp() - max(last_success)),
                               max(coalesce(consecutive_failures, 0))
                        FROM kit.scheduled_tasks
                        WHERE task_instance = 'recurring'
                        GROUP BY task_name
                        """)
                .query((row, i) -> {
                    var age = row.getDouble(2);
                    return new Task(row.getString(1), row.wasNull() ? Double.NaN : age, row.getDouble(3));
                })
                .list();
    }
}
