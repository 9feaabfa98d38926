package dk.elleve.audit.search;

import dk.elleve.contracts.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
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
            FROM (%s) l
            JOIN data.entry e ON e.id = l.entry_id
            """;

    private final JdbcClient jdbc;

    SearchStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Newest first, at most `limit + 1`.
    ///
    /// @param before only entries with a smaller index
    List<EntryRow> page(EntryFilter filter, int limit, @Nullable Long before) {
        var leaves = Leaves.newestFirst(filter, before == null ? Long.MAX_VALUE : before, limit + 1);
        return jdbc.sql(SELECT.formatted(leaves.sql()) + "ORDER BY l.index DESC")
                .params(leaves.values())
                .query(SearchStore::row)
                .list();
    }

    /// Oldest first, at most `limit`.
    ///
    /// @param after only entries with a larger index
    /// @param size only entries of the tree of this size
    List<EntryRow> after(EntryFilter filter, long after, long size, int limit) {
        var leaves = Leaves.oldestFirst(filter, after + 1, size, limit);
        return jdbc.sql(SELECT.formatted(leaves.sql()) + "ORDER BY l.index")
                .params(leaves.values())
                .query(SearchStore::row)
                .list();
    }

    /// How many of these entries there are, and the time of the first; counts no further than `most`.
    Backlog backlog(EntryFilter filter, long after, long size, int most) {
        var leaves = Leaves.oldestFirst(filter, after + 1, size, most);
        return jdbc.sql("SELECT count(*), (array_agg(l.time ORDER BY l.index))[1] FROM (" + leaves.sql() + ") l")
                .params(leaves.values())
                .query((row, i) -> {
                    var first = row.getObject(2, OffsetDateTime.class);
                    return new Backlog(row.getLong(1), first == null ? null : first.toInstant());
                })
                .single();
    }

    Optional<EntryRow> find(long index) {
        return jdbc.sql(SELECT.formatted("SELECT * FROM data.leaf WHERE index = ?"))
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
}
