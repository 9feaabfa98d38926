package dk.elleve.audit.search;

import dk.elleve.audit.log.LogStore;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/// Where in the log what is asked for is, as SQL.
///
/// What few entries have, a record or a grant, is found by an index of its own. For all else the
/// stretches tell which 256 leaves to look at; without a filter none is passed over.
///
/// @param sql gives rows of `data.leaf`, or numbers of stretches
/// @param values of its parameters
record Leaves(String sql, List<Object> values) {

    /// Which part of the log is asked for, and from which end.
    ///
    /// @param after only larger indexes
    /// @param before only smaller indexes
    record Range(long after, long before, boolean newestFirst) {

        /// What is left of it when everything up to the end of this stretch was looked at.
        Range without(long stretch) {
            return newestFirst ? below(stretch) : from(stretch + 1);
        }

        /// The part before this stretch.
        Range below(long stretch) {
            return new Range(after, Math.min(before, stretch << 8), newestFirst);
        }

        /// The part from this stretch on.
        Range from(long stretch) {
            return new Range(Math.max(after, (stretch << 8) - 1), before, newestFirst);
        }

        /// Nothing is left of a stretch whose last leaf comes before the range.
        private long first() {
            return (after & 255) == 255 ? (after >> 8) + 1 : after >> 8;
        }

        private long last() {
            return before - 1 >> 8;
        }

        private String order() {
            return newestFirst ? " DESC" : "";
        }
    }

    /// The stretches that may hold what is asked for.
    static Leaves stretches(EntryFilter filter, Range range, int limit) {
        var stretch = new Conditions();
        stretch.add("s.number >= ?", range.first());
        stretch.add("s.number <= ?", range.last());
        pass(filter, range, stretch);
        stretch.values.add(limit);
        return new Leaves(
                "SELECT s.number FROM data.stretch s WHERE " + stretch.sql() + " ORDER BY s.number" + range.order()
                        + " LIMIT ?",
                stretch.values);
    }

    /// What is asked for, of these stretches.
    static Leaves in(List<Long> stretches, EntryFilter filter, Range range, int limit) {
        return of(
                "unnest(CAST(? AS bigint[])) s (number) CROSS JOIN LATERAL (" + LogStore.OF_STRETCH + ") l",
                List.of((Object) stretches.toArray(Long[]::new)),
                filter,
                range,
                limit);
    }

    /// What is asked for, wherever it is.
    static Leaves anywhere(EntryFilter filter, Range range, int limit) {
        return of("data.leaf l", List.of(), filter, range, limit);
    }

    private static Leaves of(String source, List<Object> values, EntryFilter filter, Range range, int limit) {
        var leaf = new Conditions();
        leaf.values.addAll(values);
        leaf.add("l.index > ?", range.after);
        leaf.add("l.index < ?", range.before);
        restrict(filter, leaf);
        leaf.values.add(limit);
        return new Leaves(
                "SELECT l.* FROM " + source + " WHERE " + leaf.sql() + " ORDER BY l.index" + range.order() + " LIMIT ?",
                leaf.values);
    }

    /// What a leaf must be.
    private static void restrict(EntryFilter filter, Conditions leaf) {
        if (filter.actors() != null) {
            leaf.add("l.actor_index = ANY (?)", bytes(filter.actors()));
        }
        if (filter.resources() != null) {
            var resources = bytes(filter.resources());
            leaf.add("(l.resource_index = ANY (?) OR l.table_index = ANY (?))", List.of(resources, resources));
        }
        if (filter.records() != null) {
            var records = bytes(filter.records());
            leaf.add("""
                    l.index IN (
                        SELECT r.index FROM data.leaf r WHERE r.resource_index = ANY (?)
                        UNION ALL
                        SELECT r.index
                        FROM data.about a
                        JOIN data.entry t ON t.event_id = a.event_id
                        JOIN data.leaf r ON r.entry_id = t.id
                        WHERE a.value = ANY (?))
                    """, List.of(records, records));
        }
        if (filter.grants() != null) {
            leaf.add("""
                    l.entry_id IN (
                        SELECT t.id
                        FROM data.about a
                        JOIN data.entry t ON t.event_id = a.event_id
                        WHERE a.value = ANY (?))
                    """, bytes(filter.grants()));
        }
        if (filter.tenant() != null) {
            leaf.add("l.tenant_id = ?", filter.tenant());
        }
        if (filter.kinds() != null) {
            leaf.add("l.kind = ANY (?)", words(filter.kinds()));
        }
        if (filter.flags() != null) {
            leaf.add("l.flags && CAST(? AS text[])", words(filter.flags()));
        }
        if (filter.from() != null) {
            leaf.add("l.time >= ?", at(filter.from()));
        }
        if (filter.to() != null) {
            leaf.add("l.time < ?", at(filter.to()));
        }
    }

    /// What a stretch must hold lest it is passed over. It may hold all of it, and no leaf that has it all.
    private static void pass(EntryFilter filter, Range range, Conditions stretch) {
        if (filter.actors() != null) {
            stretch.add("s.actors && CAST(? AS bytea[])", bytes(filter.actors()));
        }
        if (filter.resources() != null) {
            var resources = bytes(filter.resources());
            stretch.add(
                    """
                    s.number IN (
                        SELECT t.number
                        FROM data.stretch t
                        WHERE t.tables && CAST(? AS bytea[]) AND t.number BETWEEN ? AND ?
                        UNION
                        SELECT r.index >> 8
                        FROM data.leaf r
                        WHERE r.resource_index = ANY (?) AND r.index >> 16 BETWEEN ? AND ?)
                    """,
                    List.of(resources, range.first(), range.last(), resources, range.first() >> 8, range.last() >> 8));
        }
        if (filter.tenant() != null) {
            stretch.add("s.tenants @> ARRAY[CAST(? AS text)]", filter.tenant());
        }
        if (filter.kinds() != null) {
            stretch.add("s.kinds && CAST(? AS text[])", words(filter.kinds()));
        }
        if (filter.flags() != null) {
            stretch.add("s.flags && CAST(? AS text[])", words(filter.flags()));
        }
        if (filter.from() != null) {
            stretch.add("s.last_time >= ?", at(filter.from()));
        }
        if (filter.to() != null) {
            stretch.add("s.first_time < ?", at(filter.to()));
        }
    }

    private static byte[][] bytes(List<byte[]> values) {
        return values.toArray(byte[][]::new);
    }

    private static String[] words(List<String> words) {
        return words.toArray(String[]::new);
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static final class Conditions {

        private final List<String> conditions = new ArrayList<>();
        private final List<Object> values = new ArrayList<>();

        void add(String condition, Object value) {
            conditions.add(condition);
            values.add(value);
        }

        void add(String condition, List<?> several) {
            conditions.add(condition);
            values.addAll(several);
        }

        String sql() {
            return String.join(" AND ", conditions);
        }
    }
}
