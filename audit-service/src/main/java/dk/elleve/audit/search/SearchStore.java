package dk.elleve.audit.search;

import dk.elleve.audit.search.Leaves.Range;
import dk.elleve.contracts.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.ToIntFunction;
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
            ORDER BY l.index %s
            """;

    /// So many stretches are looked at first, for a page of what is common, and so many at once at most: 65,536 leaves.
    private static final int NARROW = 4;

    private static final int WIDE = 256;

    private final JdbcClient jdbc;

    SearchStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Newest first, at most `limit + 1`.
    ///
    /// @param before only entries with a smaller index
    List<EntryRow> page(EntryFilter filter, int limit, @Nullable Long before) {
        return rows(filter, new Range(-1, before == null ? Long.MAX_VALUE : before, true), limit + 1);
    }

    /// Oldest first, at most `limit`.
    ///
    /// @param after only entries with a larger index
    /// @param size only entries of the tree of this size
    List<EntryRow> after(EntryFilter filter, long after, long size, int limit) {
        return rows(filter, new Range(after, size, false), limit);
    }

    /// How many of these entries there are, and the time of the first; counts no further than `most`.
    Backlog backlog(EntryFilter filter, long after, long size, int most) {
        var times = new ArrayList<Instant>();
        int entries = most
                - walk(
                        filter,
                        new Range(after, size, false),
                        most,
                        leaves -> jdbc.sql("SELECT count(*)::int, (array_agg(l.time ORDER BY l.index))[1] FROM ("
                                        + leaves.sql() + ") l")
                                .params(leaves.values())
                                .query((row, i) -> {
                                    Optional.ofNullable(row.getObject(2, OffsetDateTime.class))
                                            .map(OffsetDateTime::toInstant)
                                            .ifPresent(times::add);
                                    return row.getInt(1);
                                })
                                .single());
        return new Backlog(entries, times.isEmpty() ? null : times.getFirst());
    }

    private List<EntryRow> rows(EntryFilter filter, Range range, int limit) {
        var rows = new ArrayList<EntryRow>();
        walk(filter, range, limit, leaves -> {
            var some = jdbc.sql(SELECT.formatted(leaves.sql(), range.newestFirst() ? "DESC" : "ASC"))
                    .params(leaves.values())
                    .query(SearchStore::row)
                    .list();
            rows.addAll(some);
            return some.size();
        });
        return rows;
    }

    /// From stretch to stretch, ever more of them at once, until there is enough. In one statement PostgreSQL would
    /// have to
    /// guess how many stretches hold what is asked for; where it guesses few, it would read the leaves of all.
    ///
    /// @param take says how many it took
    /// @return how many are missing to the limit
    private int walk(EntryFilter filter, Range range, int limit, ToIntFunction<Leaves> take) {
        if (!filter.isByStretch()) {
            return limit - take.applyAsInt(Leaves.anywhere(filter, range, limit));
        }
        int missing = limit;
        var rest = range;
        for (int wide = NARROW; missing > 0; wide = Math.min(4 * wide, WIDE)) {
            var asked = Leaves.stretches(filter, rest, wide);
            var stretches = jdbc.sql(asked.sql())
                    .params(asked.values())
                    .query((row, i) -> row.getLong(1))
                    .list();
            if (!stretches.isEmpty()) {
                missing -= take.applyAsInt(Leaves.in(stretches, filter, range, missing));
            }
            if (stretches.size() < wide) {
                break;
            }
            rest = rest.without(stretches.getLast());
        }
        return missing;
    }

    Optional<EntryRow> find(long index) {
        return jdbc.sql(SELECT.formatted("SELECT * FROM data.leaf WHERE index = ?", ""))
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
