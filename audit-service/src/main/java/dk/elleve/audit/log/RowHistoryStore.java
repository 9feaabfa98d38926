package dk.elleve.audit.log;

import dk.elleve.contracts.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// What the log says of each row of a table, sequenced or not. Every call belongs into a
/// transaction of the caller that sees all tenants.
@Repository
public class RowHistoryStore {

    /// The newest entry of a row among those that were asked for.
    ///
    /// @param id grows with each change of the source
    /// @param isLater whether all of the row's entries are later than those; this one is the newest
    /// of them
    public record Said(long id, boolean isLater, EntryKind kind, Content content) {}

    private record Newest(byte[] resource, long id) {}

    private static final int AT_A_TIME = 500;

    private static final String OF_ROWS = "kind IN ('insert', 'update', 'delete', 'truncate')";

    private static final String WAITING = """
             UNION ALL
             SELECT e.resource_index, e.id, e.kind
             FROM data.waiting w
             CROSS JOIN unnest(w.entries) AS waits (id)
             JOIN data.entry e ON e.id = waits.id
             WHERE e.%s = ANY (:indexes)) said
            """;

    /// Entries of some resources, also those that wait for their place.
    private static final String OF_RESOURCES = """
            (SELECT resource_index, entry_id, kind FROM data.leaf WHERE resource_index = ANY (:indexes)
            """ + WAITING.formatted("resource_index");

    /// The same of all that is in some tables; some of it twice. What comes after the newest stretch may not be summed
    /// up.
    private static final String OF_TABLES = """
            (SELECT l.resource_index, l.entry_id, l.kind
             FROM data.stretch s
             CROSS JOIN LATERAL (%s) l
             WHERE s.tables && CAST(:indexes AS bytea[]) AND l.table_index = ANY (:indexes)
             UNION ALL
             SELECT resource_index, entry_id, kind
             FROM data.leaf
             WHERE index >= (SELECT coalesce(max(number), 0) << 8 FROM data.stretch) AND table_index = ANY (:indexes)
            """.formatted(LogStore.OF_STRETCH) + WAITING.formatted("table_index");

    private final JdbcClient jdbc;
    private final LogStore store;
    private final PayloadSeal seal;

    RowHistoryStore(JdbcClient jdbc, LogStore store, PayloadSeal seal) {
        this.jdbc = jdbc;
        this.store = store;
        this.seal = seal;
    }

    /// Tells of every row that the log knows and whose entry can still be read, some rows at a
    /// time, in an order that is always the same; of one that was several tenants', once for each.
    /// PostgreSQL sorts; nothing is held here but some entries.
    ///
    /// @param table as resources begin: `breach/incident`
    /// @param wanted which entries count
    public void newest(String table, Predicate<Content> wanted, Consumer<List<Said>> some) {
        var indexes = indexes("table", List.of(table));
        var waiting = new ArrayList<Newest>();
        jdbc.sql("SELECT resource_index, max(entry_id) FROM " + OF_TABLES + " WHERE " + OF_ROWS
                        + " GROUP BY resource_index ORDER BY resource_index")
                .param("indexes", indexes)
                .withFetchSize(AT_A_TIME)
                .query(row -> {
                    waiting.add(new Newest(row.getBytes(1), row.getLong(2)));
                    if (waiting.size() == AT_A_TIME) {
                        some.accept(said(waiting, wanted));
                        waiting.clear();
                    }
                });
        some.accept(said(waiting, wanted));
    }

    /// The newest entry of each of these rows that has one, whosever it was then: under each tenant's
    /// keys a row has another index.
    public Map<String, Said> newest(List<String> resources, Predicate<Content> wanted) {
        if (resources.isEmpty()) {
            return Map.of();
        }
        var indexes = indexes("resource", resources);
        var newest = jdbc.sql("SELECT resource_index, max(entry_id) FROM " + OF_RESOURCES + " WHERE " + OF_ROWS
                        + " GROUP BY resource_index")
                .param("indexes", indexes)
                .query((row, i) -> new Newest(row.getBytes(1), row.getLong(2)))
                .list();
        return said(newest, wanted).stream()
                .filter(said -> !said.isLater())
                .collect(Collectors.toMap(
                        said -> said.content().resource(),
                        said -> said,
                        BinaryOperator.maxBy(Comparator.comparingLong(Said::id))));
    }

    /// The newest entry that says that the table was emptied.
    public Optional<Said> emptied(String table, Predicate<Content> wanted) {
        var indexes = indexes("resource", List.of(table));
        return before(indexes, Long.MAX_VALUE, "kind = 'truncate'", wanted);
    }

    /// Which of these resources the log says anything of.
    ///
    /// @param tenant whose they are; may be anybody's, if absent
    public Set<String> known(@Nullable TenantId tenant, List<String> resources) {
        var byIndex = new LinkedHashMap<String, String>();
        var indexes = new ArrayList<byte[]>();
        tenants(tenant).forEach(each -> {
            var found = seal.indexesOf(each.orElse(null), "resource", resources);
            for (int i = 0; i < found.size(); i++) {
                byIndex.put(HexFormat.of().formatHex(found.get(i)), resources.get(i));
            }
            indexes.addAll(found);
        });
        var all = indexes.toArray(byte[][]::new);
        var known = new HashSet<String>();
        jdbc.sql("SELECT DISTINCT resource_index FROM " + OF_RESOURCES + " WHERE " + OF_ROWS)
                .param("indexes", all)
                .query(row -> {
                    known.add(byIndex.get(HexFormat.of().formatHex(row.getBytes(1))));
                });
        return known;
    }

    private List<Said> said(List<Newest> rows, Predicate<Content> wanted) {
        var entries = open(rows.stream().map(Newest::id).toList());
        var said = new ArrayList<Said>(rows.size());
        for (var row : rows) {
            var newest = entries.get(row.id());
            if (newest == null || wanted.test(newest.content())) {
                Optional.ofNullable(newest).ifPresent(said::add);
            } else {
                said.add(before(new byte[][] {row.resource()}, row.id(), OF_ROWS, wanted)
                        .orElseGet(() -> new Said(newest.id(), true, newest.kind(), newest.content())));
            }
        }
        return said;
    }

    /// One by one, for few rows are changed while somebody looks.
    private Optional<Said> before(byte[][] resources, long id, String which, Predicate<Content> wanted) {
        var next = Optional.of(id);
        while (next.isPresent()) {
            next = jdbc.sql("SELECT max(entry_id) FROM " + OF_RESOURCES + " WHERE " + which + " AND entry_id < :before")
                    .param("indexes", resources)
                    .param("before", next.get())
                    .query((row, i) -> Optional.ofNullable(row.getObject(1, Long.class)))
                    .single();
            var said = next.map(found -> open(List.of(found)).get(found));
            if (said.isPresent() && wanted.test(said.get().content())) {
                return said;
            }
        }
        return Optional.empty();
    }

    /// Those that can be read: neither expired, nor erased, nor damaged.
    private Map<Long, Said> open(List<Long> ids) {
        var opened = new LinkedHashMap<Long, Said>();
        jdbc.sql("""
                        SELECT id, event_id, tenant_id, kind, time, under_tenant_key, payload
                        FROM data.entry
                        WHERE id = ANY (?) AND payload IS NOT NULL
                        """).param(ids.toArray(Long[]::new)).query(row -> {
            open(row).ifPresent(said -> opened.put(said.id(), said));
        });
        return opened;
    }

    private Optional<Said> open(ResultSet row) throws SQLException {
        var tenant = row.getString("tenant_id");
        try {
            var content = seal.open(
                    row.getObject("event_id", UUID.class),
                    tenant == null ? null : new TenantId(tenant),
                    row.getBoolean("under_tenant_key"),
                    row.getObject("time", OffsetDateTime.class).toInstant(),
                    row.getBytes("payload"));
            long id = row.getLong("id");
            var kind = EntryKind.of(row.getString("kind"));
            return content.map(text -> new Said(id, false, kind, text));
        } catch (PayloadSeal.Tampered damaged) {
            return Optional.empty(); // lists show it as damaged
        }
    }

    private byte[][] indexes(String field, List<String> values) {
        return tenants(null)
                .flatMap(tenant -> seal.indexesOf(tenant.orElse(null), field, values).stream())
                .toArray(byte[][]::new);
    }

    /// Under whose keys entries may be found; absent is the platform's.
    private Stream<Optional<TenantId>> tenants(@Nullable TenantId only) {
        var tenants = only == null ? store.tenants() : List.of(only);
        return Stream.concat(Stream.of(Optional.empty()), tenants.stream().map(Optional::of));
    }
}
