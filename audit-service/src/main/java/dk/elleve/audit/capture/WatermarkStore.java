package dk.elleve.audit.capture;

import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// How far each source is taken over. Every call belongs into a transaction of the caller.
@Repository
class WatermarkStore {

    /// @param commit the newest transaction that is in the log
    /// @param released the furthest position the slot was ever told of
    record Watermark(long commit, long released) {}

    private final JdbcClient jdbc;

    WatermarkStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<Watermark> find(SourceId source) {
        return jdbc.sql("""
                        SELECT commit_lsn, released_lsn
                        FROM data.watermark
                        WHERE system_id = ? AND timeline = ? AND database = ?
                        FOR UPDATE
                        """)
                .params(source.system(), source.timeline(), source.database())
                .query((row, i) -> new Watermark(row.getLong(1), row.getLong(2)))
                .optional();
    }

    /// Whether this database was captured before, in whatever cluster and timeline.
    boolean everCaptured(String database) {
        return jdbc.sql("SELECT EXISTS (SELECT FROM data.watermark WHERE database = ?)")
                .param(database)
                .query(Boolean.class)
                .single();
    }

    void move(SourceId source, long commit, long released) {
        jdbc.sql("""
                        INSERT INTO data.watermark AS w (system_id, timeline, database, commit_lsn, released_lsn)
                        VALUES (?, ?, ?, ?, ?)
                        ON CONFLICT (system_id, timeline, database) DO UPDATE
                        SET commit_lsn = greatest(w.commit_lsn, excluded.commit_lsn),
                            released_lsn = greatest(w.released_lsn, excluded.released_lsn)
                        """)
                .params(source.system(), source.timeline(), source.database(), commit, released)
                .update();
    }
}
