package dk.elleve.audit.reconcile;

import dk.elleve.audit.capture.Comparison;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Comparisons that were made. Rows are added and never changed. Every call belongs into a transaction
/// of the caller.
@Repository
class ReconciliationStore {

    record Position(Instant ended, UUID id) {}

    private static final TypeReference<List<Comparison.Table>> TABLES = new TypeReference<>() {};

    private static final String SELECT = """
            SELECT id, database, began, ended, position, tables
            FROM data.reconciliation
            """;

    private final JdbcClient jdbc;
    private final JsonMapper json;

    ReconciliationStore(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    void add(Reconciliation made) {
        var comparison = made.comparison();
        jdbc.sql("""
                        INSERT INTO data.reconciliation (id, database, began, ended, position, outcome, rows, tables)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?::jsonb)
                        """)
                .params(
                        made.id(),
                        made.source(),
                        at(made.began()),
                        at(made.ended()),
                        comparison.position(),
                        made.state(),
                        comparison.rows(),
                        json.writeValueAsString(comparison.tables()))
                .update();
    }

    Optional<Reconciliation> find(UUID id) {
        return jdbc.sql(SELECT + "WHERE id = ?").param(id).query(this::row).optional();
    }

    /// The newest of a source.
    Optional<Reconciliation> newest(String source) {
        return jdbc.sql(SELECT + "WHERE database = ? ORDER BY ended DESC, id DESC LIMIT 1")
                .param(source)
                .query(this::row)
                .optional();
    }

    /// The newest first, at most `limit + 1`.
    List<Reconciliation> page(int limit, @Nullable Position before) {
        return before == null
                ? jdbc.sql(SELECT + "ORDER BY ended DESC, id DESC LIMIT ?")
                        .param(limit + 1)
                        .query(this::row)
                        .list()
                : jdbc.sql(SELECT + "WHERE (ended, id) < (?, ?) ORDER BY ended DESC, id DESC LIMIT ?")
                        .params(at(before.ended()), before.id(), limit + 1)
                        .query(this::row)
                        .list();
    }

    private Reconciliation row(ResultSet row, int number) throws SQLException {
        return new Reconciliation(
                row.getObject("id", UUID.class),
                row.getObject("began", OffsetDateTime.class).toInstant(),
                row.getObject("ended", OffsetDateTime.class).toInstant(),
                new Comparison(
                        row.getString("database"),
                        row.getLong("position"),
                        json.readValue(row.getString("tables"), TABLES)));
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
