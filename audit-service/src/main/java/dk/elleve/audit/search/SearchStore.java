package dk.elleve.audit.search;

import dk.elleve.contracts.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Reads entries. Every call belongs into a transaction of the caller, whose scope decides what is
/// seen.
@Repository
class SearchStore {

    private static final String SELECT = """
            SELECT l.index, l.event_id, l.time, l.kind, l.tenant_id, l.flags, e.under_tenant_key, e.payload, l.bytes
            FROM data.leaf l
            JOIN data.entry e ON e.id = l.entry_id
            WHERE true
            """;

    private final JdbcClient jdbc;

    SearchStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Newest first, at most `limit + 1`.
    ///
    /// @param before only entries with a smaller index
    List<EntryRow> page(EntryFilter filter, int limit, @Nullable Long before) {
        var sql = new StringBuilder(SELECT);
        var values = new ArrayList<Object>();
        if (before != null) {
            sql.append(" AND l.index < ?");
            values.add(before);
        }
        restrict(filter, sql, values);
        sql.append(" ORDER BY l.index DESC LIMIT ?");
        values.add(limit + 1);
        return jdbc.sql(sql.toString()).params(values).query(SearchStore::row).list();
    }

    /// Oldest first, at most `limit`.
    ///
    /// @param after only entries with a larger index
    /// @param size only entries of the tree of this size
    List<EntryRow> after(EntryFilter filter, long after, long size, int limit) {
        var sql = new StringBuilder(SELECT).append(" AND l.index > ? AND l.index < ?");
        var values = new ArrayList<Object>(List.of(after, size));
        restrict(filter, sql, values);
        sql.append(" ORDER BY l.index LIMIT ?");
        values.add(limit);
        return jdbc.sql(sql.toString()).params(values).query(SearchStore::row).list();
    }

    /// How many of these entries there are, and the time of the first; counts no further than `most`.
    Backlog backlog(EntryFilter filter, long after, long size, int most) {
        var sql = new StringBuilder("SELECT l.time FROM data.leaf l WHERE l.index > ? AND l.index < ?");
        var values = new ArrayList<Object>(List.of(after, size));
        restrict(filter, sql, values);
        sql.append(" ORDER BY l.index LIMIT ?");
        values.add(most);
        return jdbc.sql("SELECT count(*), (array_agg(time))[1] FROM (" + sql + ") counted")
                .params(values)
                .query((row, i) -> {
                    var first = row.getObject(2, OffsetDateTime.class);
                    return new Backlog(row.getLong(1), first == null ? null : first.toInstant());
                })
                .single();
    }

    private static void restrict(EntryFilter filter, StringBuilder sql, List<Object> values) {
        if (filter.actors() != null) {
            sql.append(" AND l.actor_index = ANY (?)");
            values.add(filter.actors().toArray(byte[][]::new));
        }
        if (filter.resources() != null) {
            var resources = filter.resources().toArray(byte[][]::new);
            sql.append(" AND (l.resource_index = ANY (?) OR l.table_index = ANY (?))");
            values.add(resources);
            values.add(resources);
        }
        if (filter.records() != null) {
            var records = filter.records().toArray(byte[][]::new);
            sql.append("""
                     AND l.index IN (
                         SELECT r.index FROM data.leaf r WHERE r.resource_index = ANY (?)
                         UNION ALL
                         SELECT r.index
                         FROM data.about a
                         JOIN data.entry t ON t.event_id = a.event_id
                         JOIN data.leaf r ON r.entry_id = t.id
                         WHERE a.value = ANY (?))
                    """);
            values.add(records);
            values.add(records);
        }
        if (filter.grants() != null) {
            sql.append("""
                     AND l.entry_id IN (
                         SELECT t.id
                         FROM data.about a
                         JOIN data.entry t ON t.event_id = a.event_id
                         WHERE a.value = ANY (?))
                    """);
            values.add(filter.grants().toArray(byte[][]::new));
        }
        if (filter.tenant() != null) {
            sql.append(" AND l.tenant_id = ?");
            values.add(filter.tenant());
        }
        if (filter.kinds() != null && filter.kinds().size() == 1) {
            // Said so, the index of kinds gives them in order.
            sql.append(" AND l.kind = ?");
            values.add(filter.kinds().getFirst());
        } else if (filter.kinds() != null) {
            sql.append(" AND l.kind = ANY (?)");
            values.add(filter.kinds().toArray(String[]::new));
        }
        if (filter.flags() != null) {
            sql.append(" AND l.flags && CAST(? AS text[])");
            values.add(filter.flags().toArray(String[]::new));
        }
        if (filter.from() != null) {
            sql.append(" AND l.time >= ?");
            values.add(at(filter.from()));
        }
        if (filter.to() != null) {
            sql.append(" AND l.time < ?");
            values.add(at(filter.to()));
        }
    }

    Optional<EntryRow> find(long index) {
        return jdbc.sql(SELECT + " AND l.index = ?")
                .param(index)
                .query(SearchStore::row)
                .optional();
    }

    private static EntryRow row(ResultSet row, int number) throws SQLException {
        var tenant = row.getString("tenant_id");
        return new EntryRow(
                row.getLong("index"),
                row.getObject("event_id", UUID.class),
                row.getObject("time", OffsetDateTime.class).toInstant(),
                row.getString("kind"),
                tenant == null ? null : new TenantId(tenant),
                List.of((String[]) row.getArray("flags").getArray()),
                row.getBoolean("under_tenant_key"),
                row.getBytes("payload"),
                row.getBytes("bytes"));
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
