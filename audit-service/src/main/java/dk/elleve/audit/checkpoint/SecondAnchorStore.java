package dk.elleve.audit.checkpoint;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// What was anchored elsewhere, and when it is time again. Every call belongs into a transaction of
/// the caller.
@Repository
class SecondAnchorStore {

    /// @param size the newest tree that was anchored; 0 before the first
    /// @param at when that was, or when it was first wanted
    /// @param next not again before
    record Done(long size, Instant at, Instant next) {

        boolean due(long published, Instant now) {
            return published > size && !now.isBefore(next);
        }
    }

    private final JdbcClient jdbc;

    SecondAnchorStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<Done> done(String kind) {
        return jdbc.sql("SELECT size, at, next FROM data.second_anchor WHERE kind = ?")
                .param(kind)
                .query(SecondAnchorStore::done)
                .optional();
    }

    /// That it is wanted from now on; nothing if it was already.
    void want(String kind, Instant now) {
        jdbc.sql("""
                        INSERT INTO data.second_anchor (kind, size, at, next)
                        VALUES (?, 0, ?, ?)
                        ON CONFLICT (kind) DO NOTHING
                        """).params(kind, at(now), at(now)).update();
    }

    /// @return whether no other instance has begun meanwhile
    boolean begin(String kind, Instant now, Instant next) {
        return jdbc.sql("UPDATE data.second_anchor SET next = ? WHERE kind = ? AND next <= ?")
                        .params(at(next), kind, at(now))
                        .update()
                == 1;
    }

    void end(String kind, long size, Instant now, Instant next) {
        jdbc.sql("UPDATE data.second_anchor SET size = ?, at = ?, next = ? WHERE kind = ?")
                .params(size, at(now), at(next), kind)
                .update();
    }

    private static Done done(ResultSet row, int number) throws SQLException {
        return new Done(
                row.getLong(1),
                row.getObject(2, OffsetDateTime.class).toInstant(),
                row.getObject(3, OffsetDateTime.class).toInstant());
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
