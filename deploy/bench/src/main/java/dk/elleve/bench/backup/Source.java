package dk.elleve.bench.backup;

import dk.elleve.backup.wire.Lsn;
import dk.elleve.bench.Given;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.SplittableRandom;
import org.postgresql.PGConnection;

/// The server that is backed up, with pgbench's tables in it.
final class Source {

    static final String SUPERUSER = "postgres";
    static final String REPLICATION = "backup_wire";

    private static final int ACCOUNTS = 100_000;
    private static final int FILLER = 84;
    private static final String BLANK = "";

    /// Where the WAL ended: behind it a new segment begins.
    ///
    /// @param segment the file that ends there
    record End(Lsn lsn, String segment) {}

    private final Given given;

    Source(Given given) {
        this.given = given;
    }

    int port() {
        return Math.toIntExact(given.number("database.port"));
    }

    String password(String role) {
        return given.text("password." + role);
    }

    Path data() {
        return Path.of(given.text("database.data"));
    }

    /// Where the server's local socket lies.
    String sockets() {
        return given.text("database.sockets");
    }

    /// PostgreSQL's `bin` folder.
    Path programs() {
        return Path.of(given.text("database.programs"));
    }

    Connection connect() throws SQLException {
        return connect(port());
    }

    private Connection connect(int port) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres", SUPERUSER, password(SUPERUSER));
    }

    void sql(String... statements) throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    String value(String sql) throws SQLException {
        return value(port(), sql);
    }

    private String value(int port, String sql) throws SQLException {
        try (var connection = connect(port);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return Objects.requireNonNullElse(rows.getString(1), "");
        }
    }

    /// Takes a setting up without a restart.
    void set(String name, String value) throws SQLException {
        sql("ALTER SYSTEM SET " + name + " = '" + value.replace("'", "''") + "'", "SELECT pg_reload_conf()");
    }

    /// pgbench's tables as `pgbench --initialize` makes them.
    ///
    /// @param random whether the filler is random digits, which hardly compress, or blank as pgbench has it
    void load(int scale, boolean random) throws SQLException, IOException {
        sql(
                "DROP TABLE IF EXISTS pgbench_accounts, pgbench_branches, pgbench_tellers, pgbench_history",
                "CREATE TABLE pgbench_branches (bid int PRIMARY KEY, bbalance int, filler char(88))",
                "CREATE TABLE pgbench_tellers (tid int PRIMARY KEY, bid int, tbalance int, filler char(84))",
                "CREATE TABLE pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22))",
                "INSERT INTO pgbench_branches SELECT g, 0 FROM generate_series(1, " + scale + ") g",
                "INSERT INTO pgbench_tellers SELECT g, (g - 1) / 10 + 1, 0 FROM generate_series(1, " + 10 * scale
                        + ") g");
        try (var connection = connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(
                    "CREATE TABLE pgbench_accounts (aid int NOT NULL, bid int, abalance int, filler char(84))");
            var copy = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY pgbench_accounts FROM STDIN (FREEZE)");
            var digits = new SplittableRandom(scale);
            var bytes = new byte[FILLER / 2];
            var rows = new StringBuilder();
            for (var row = 1; row <= scale * ACCOUNTS; row++) {
                var filler = BLANK;
                if (random) {
                    digits.nextBytes(bytes);
                    filler = HexFormat.of().formatHex(bytes);
                }
                rows.append(row)
                        .append('\t')
                        .append((row - 1) / ACCOUNTS + 1)
                        .append("\t0\t")
                        .append(filler);
                rows.append('\n');
                if (row % 1000 == 0) {
                    var text = rows.toString().getBytes(StandardCharsets.US_ASCII);
                    copy.writeToCopy(text, 0, text.length);
                    rows.setLength(0);
                }
            }
            copy.endCopy();
            statement.execute("ALTER TABLE pgbench_accounts ADD PRIMARY KEY (aid)");
            connection.commit();
        }
        sql("VACUUM (ANALYZE)", "CHECKPOINT");
    }

    /// Changes this share of the accounts, those with the lowest numbers.
    void update(int scale, double share) throws SQLException {
        sql("UPDATE pgbench_accounts SET abalance = abalance + 1 WHERE aid <= " + (long) (scale * ACCOUNTS * share));
        sql("VACUUM pgbench_accounts", "CHECKPOINT");
    }

    /// Changes accounts until so many bytes of WAL have been written.
    ///
    /// @return how many it were
    long write(int scale, long bytes) throws SQLException {
        var start = value("SELECT pg_current_wal_insert_lsn()");
        var step = scale * ACCOUNTS / 50;
        var from = 0;
        while (written(start) < bytes) {
            sql("UPDATE pgbench_accounts SET abalance = abalance + 1 WHERE aid > " + from + " AND aid <= "
                    + (from + step));
            from = (from + step) % (scale * ACCOUNTS);
        }
        return written(start);
    }

    private long written(String start) throws SQLException {
        return Long.parseLong(value("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '" + start + "')::bigint"));
    }

    /// Ends the segment of WAL, so that nobody has to wait until it is full.
    End end() throws SQLException {
        // Without anything new in it the segment would not be ended.
        sql("SELECT pg_logical_emit_message(false, 'bench', 'end')");
        var words = value("SELECT lsn || ' ' || pg_walfile_name(lsn) FROM pg_switch_wal() AS lsn")
                .split(" ");
        return new End(Lsn.parse(words[0]), words[1]);
    }

    /// A word for the rows of all accounts of the server on this port.
    String digest(int port) throws SQLException {
        return value(
                port, "SELECT count(*) || ' ' || sum(hashtextextended(a::text, 0)::numeric) FROM pgbench_accounts a");
    }

    /// What the server's processes have used so far.
    Duration processor() throws IOException {
        return Processes.family(given.number("database.process"));
    }
}
