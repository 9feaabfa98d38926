package dk.elleve.bench;

import dk.elleve.bench.RunningLog.Extent;
import java.sql.SQLException;
import java.time.Clock;

/// Changes a second into the log, until they stand under a checkpoint that is shown; and what each takes up.
final class RowsAndBytes {

    private final Given given;
    private final Told told;
    private final Clock clock;

    RowsAndBytes(Given given, Told told, Clock clock) {
        this.given = given;
        this.told = told;
        this.clock = clock;
    }

    void run() throws Exception {
        try (var log = new RunningLog(given)) {
            var before = extent(log);
            Flood.Result ours;
            try (var workload = Workload.captured(given, clock)) {
                long start = log.size();
                var flood = new Flood(workload, () -> log.size() - start, given.run(), told, "log");
                ours = flood.run();
                if (log.changes(start) != flood.written()) {
                    throw new IllegalStateException(
                            "Of %,d changes %,d are in the log".formatted(flood.written(), log.changes(start)));
                }
            }
            var after = extent(log);
            var peer = peer();
            told.measure("audit.rows", ours.rate(), peer.rate(), "changes/s");
            told.measure("audit.processor", ours.processor(), peer.processor(), "µs/change");
            double plain = plain();
            double grown = (double) (after.database() + after.tiles() - before.database() - before.tiles())
                    / (after.entries() - before.entries());
            told.measure("audit.bytes", after.each(), plain, "bytes/entry");
            told.measure("audit.bytes.grown", grown, after.each(), "bytes/entry");
        }
    }

    private Extent extent(RunningLog log) throws SQLException {
        var extent = log.extent();
        told.progress(
                "%,d entries: %.0f bytes each in the database, %.0f in tiles",
                extent.entries(),
                (double) extent.database() / extent.entries(),
                (double) extent.tiles() / extent.entries());
        return extent;
    }

    private Flood.Result peer() throws Exception {
        try (var database = new PeerDatabase(given);
                var workload = Workload.besides(given, clock)) {
            database.publish();
            try (var engine = new BareEngine(given, clock)) {
                return new Flood(workload, engine::rows, given.run(), told, "bare engine").run();
            }
        }
    }

    /// The table that a trigger fills with images in clear text, as many have it: two indexes, and no proof.
    private double plain() throws Exception {
        int transactions = 300;
        try (var _ = new PeerDatabase(given);
                var workload = Workload.besides(given, clock);
                var connection = given.connect(PeerDatabase.NAME, "postgres");
                var statement = connection.createStatement()) {
            statement.execute("""
                    CREATE TABLE public.plain_audit (
                        id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                        at     timestamptz NOT NULL DEFAULT now(),
                        role   text NOT NULL DEFAULT session_user,
                        source text NOT NULL,
                        action text NOT NULL,
                        before jsonb,
                        after  jsonb)
                    """);
            statement.execute("CREATE INDEX ON public.plain_audit (source, at)");
            statement.execute("""
                    CREATE FUNCTION public.plain_audit() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                        INSERT INTO public.plain_audit (source, action, before, after)
                        VALUES (TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
                        RETURN NULL;
                    END $$
                    """);
            statement.execute("""
                    CREATE TRIGGER plain_audit AFTER INSERT OR UPDATE OR DELETE ON data.bench_row
                    FOR EACH ROW EXECUTE FUNCTION public.plain_audit()
                    """);
            for (int i = 0; i < transactions; i++) {
                workload.transaction(100);
            }
            try (var row = statement.executeQuery(
                    "SELECT pg_total_relation_size('public.plain_audit')::numeric / count(*) FROM public.plain_audit")) {
                row.next();
                return row.getDouble(1);
            }
        }
    }
}
