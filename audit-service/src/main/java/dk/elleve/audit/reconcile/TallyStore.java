package dk.elleve.audit.reconcile;

import dk.elleve.contracts.audit.TallyEvent.TablesTallied;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// When it was told what the sources must hold. Every call belongs into a transaction of the caller.
@Repository
class TallyStore {

    private final JdbcClient jdbc;

    TallyStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void add(Instant at, List<TablesTallied> told) {
        jdbc.sql("INSERT INTO data.tally (at, position, tables) VALUES (?, ?, ?)")
                .params(
                        at.atOffset(ZoneOffset.UTC),
                        told.getFirst().position(),
                        told.stream().mapToInt(each -> each.tables().size()).sum())
                .update();
    }

    Optional<Instant> newest() {
        return jdbc.sql("SELECT at FROM data.tally ORDER BY at DESC LIMIT 1")
                .query((row, i) -> row.getObject("at", OffsetDateTime.class).toInstant())
                .optional();
    }
}
