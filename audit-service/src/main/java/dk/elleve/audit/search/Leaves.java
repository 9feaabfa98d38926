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
/// @param sql gives rows of `data.leaf`
/// @param values of its parameters
record Leaves(String sql, List<Object> values) {

    /// @param before only smaller indexes
    static Leaves newestFirst(EntryFilter filter, long before, int limit) {
        return of(filter, 0, before, " DESC", limit);
    }

    /// @param from only this index and larger ones
    /// @param before only smaller indexes
    static Leaves oldestFirst(EntryFilter filter, long from, long before, int limit) {
        return of(filter, from, before, "", limit);
    }

    private static Leaves of(EntryFilter filter, long from, long before, String order, int limit) {
        var wanted = new Conditions();
        wanted.add("l.index >= ?", from);
        wanted.add("l.index < ?", before);
        restrict(filter, wanted);
        if (!filter.isByStretch()) {
            wanted.values.add(limit);
            return new Leaves(
                    "SELECT l.* FROM data.leaf l WHERE " + wanted.sql() + " ORDER BY l.index" + order + " LIMIT ?",
                    wanted.values);
        }
        var where = new Conditions();
        where.add("s.number >= ?", from >> 8);
        where.add("s.number <= ?", before - 1 >> 8);
        pass(filter, where);
        var values = new ArrayList<>(where.values);
        values.addAll(wanted.values);
        values.add(limit);
        return new Leaves("""
                SELECT l.*
                FROM data.stretch s
                CROSS JOIN LATERAL (%s) l
                WHERE %s AND %s
                ORDER BY s.number%s, l.index%s
                LIMIT ?
                """.formatted(LogStore.OF_STRETCH, where.sql(), wanted.sql(), order, order), values);
    }

    /// What a leaf must be.
    private static void restrict(EntryFilter filter, Conditions leaf) {
        if (filter.actors() != null) {
            leaf.add("l.actor_index = ANY (?)", bytes(filter.actors()));
        }
        if (filter.resources() != null) {
            var resources = bytes(filter.resources());
            leaf.add("(l.resource_index = ANY (?) OR l.table_index = ANY (?))", resources, resources);
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
                    """, records, records);
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
    private static void pass(EntryFilter filter, Conditions stretch) {
        if (filter.actors() != null) {
            stretch.add("s.actors && CAST(? AS bytea[])", bytes(filter.actors()));
        }
        if (filter.resources() != null) {
            var resources = bytes(filter.resources());
            stretch.add("""
                    s.number IN (
                        SELECT t.number FROM data.stretch t WHERE t.tables && CAST(? AS bytea[])
                        UNION
                        SELECT r.index >> 8 FROM data.leaf r WHERE r.resource_index = ANY (?))
                    """, resources, resources);
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

        void add(String condition, Object first, Object second) {
            add(condition, first);
            values.add(second);
        }

        String sql() {
            return String.join(" AND ", conditions);
        }
    }
}
