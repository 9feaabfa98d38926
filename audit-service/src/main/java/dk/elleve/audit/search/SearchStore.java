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

    /// A second or two.
    private static final int IN_ONE_PAGE = 8192;

    private final JdbcClient jdbc;

    SearchStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// A page of entries.
    ///
    /// @param before the next page has smaller indexes only; absent when there is none
    record Found(List<EntryRow> rows, @Nullable Long before) {}

    /// Newest first, at most `limit`. There may be fewer, or none, though others follow: who asks for
    /// what hardly any entry has is answered after some two million of them, and may go on.
    ///
    /// @param before only entries with a smaller index
    Found page(EntryFilter filter, int limit, @Nullable Long before) {
        return page(filter, limit, before, IN_ONE_PAGE);
    }

    /// @param stretches so many are looked at
    Found page(EntryFilter filter, int limit, @Nullable Long before, int stretches) {
        var rows = new ArrayList<EntryRow>();
        var range = new Range(-1, before == null ? Long.MAX_VALUE : before, true);
        var walked = walk(filter, range, limit + 1, stretches, into(rows, range));
        if (rows.size() > limit) {
            var shown = List.copyOf(rows.subList(0, limit));
            return new Found(shown, shown.getLast().index());
        }
        return new Found(rows, walked.rest() == null ? null : walked.rest().before());
    }

    /// Oldest first, at most `limit`.
    ///
    /// @param after only entries with a larger index
    /// @param size only entries of the tree of this size
    List<EntryRow> after(EntryFilter filter, long after, long size, int limit) {
        var rows = new ArrayList<EntryRow>();
        var range = new Range(after, size, false);
        walk(filter, range, limit, Integer.MAX_VALUE, into(rows, range));
        return rows;
    }

    /// How many of these entries there are, and the time of the first; counts no further than `most`.
    Backlog backlog(EntryFilter filter, long after, long size, int most) {
        var times = new ArrayList<Instant>();
        var walked = walk(
                filter,
                new Range(after, size, false),
                most,
                Integer.MAX_VALUE,
                leaves -> jdbc.sql("SELECT count(*)::int, (array_agg(l.time ORDER BY l.index))[1] FROM (" + leaves.sql()
                                + ") l")
                        .params(leaves.values())
                        .query((row, i) -> {
                            Optional.ofNullable(row.getObject(2, OffsetDateTime.class))
                                    .map(OffsetDateTime::toInstant)
                                    .ifPresent(times::add);
                            return row.getInt(1);
                        })
                        .single());
        return new Backlog(most - walked.missing(), times.isEmpty() ? null : times.getFirst());
    }

    private ToIntFunction<Leaves> into(List<EntryRow> rows, Range range) {
        return leaves -> {
            var some = jdbc.sql(SELECT.formatted(leaves.sql(), range.newestFirst() ? "DESC" : "ASC"))
                    .params(leaves.values())
                    .query(SearchStore::row)
                    .list();
            rows.addAll(some);
            return some.size();
        };
    }

    /// @param missing to the limit
    /// @param rest what was not looked at; absent if there is enough, or nothing more
    private record Walked(int missing, @Nullable Range rest) {}

    /// From stretch to stretch, ever more of them at once, until there is enough. In one statement
    /// PostgreSQL would have to guess how many stretches hold what is asked for; where it guesses
    /// few, it would read the leaves of all.
    ///
    /// The newest stretch, and what comes after it, is always looked into: an instance of an older
    /// version sums up nothing.
    ///
    /// @param stretches at most so many, about
    /// @param take says how many it took
    private Walked walk(EntryFilter filter, Range range, int limit, int stretches, ToIntFunction<Leaves> take) {
        if (!filter.isByStretch()) {
            return new Walked(limit - take.applyAsInt(Leaves.anywhere(filter, range, limit)), null);
        }
        long newest = jdbc.sql("SELECT coalesce(max(number), 0) FROM data.stretch")
                .query((row, i) -> row.getLong(1))
                .single();
        int missing = limit;
        if (range.newestFirst()) {
            missing -= take.applyAsInt(Leaves.anywhere(filter, range.from(newest), missing));
        }
        var rest = range.below(newest);
        int looked = 0;
        for (int wide = NARROW; missing > 0; wide = Math.min(4 * wide, WIDE)) {
            if (looked >= stretches) {
                return new Walked(missing, rest);
            }
            var asked = Leaves.stretches(filter, rest, wide);
            var some = jdbc.sql(asked.sql())
                    .params(asked.values())
                    .query((row, i) -> row.getLong(1))
                    .list();
            if (!some.isEmpty()) {
                missing -= take.applyAsInt(Leaves.in(some, filter, rest, missing));
            }
            if (some.size() < wide) {
                break;
            }
            looked += some.size();
            rest = rest.without(some.getLast());
        }
        if (!range.newestFirst() && missing > 0) {
            missing -= take.applyAsInt(Leaves.anywhere(filter, range.from(newest), missing));
        }
        return new Walked(missing, null);
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
