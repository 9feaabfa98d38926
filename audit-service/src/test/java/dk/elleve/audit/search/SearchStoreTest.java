package dk.elleve.audit.search;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.audit.checkpoint.MemoryBlobs;
import dk.elleve.audit.log.Content;
import dk.elleve.audit.log.EntryKind;
import dk.elleve.audit.log.LogDatabase;
import dk.elleve.audit.log.LogParts;
import dk.elleve.audit.log.Mark;
import dk.elleve.audit.log.NewEntry;
import dk.elleve.audit.log.OneScope;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import dk.elleve.kit.test.Faults;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// What is found in a log of several stretches is what is there.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SearchStoreTest {

    private static final Instant BEGIN = Instant.parse("2026-03-01T09:00:00Z");
    private static final List<String> NAMES = Arrays.asList("nord", "havn", null);
    private static final List<EntryKind> KINDS = List.of(EntryKind.INSERT, EntryKind.UPDATE, EntryKind.ACCESS);
    private static final int MOST = 10_000;

    /// A leaf as the database has it.
    private record There(
            long index,
            @Nullable String tenant,
            String kind,
            List<String> flags,
            Instant time,
            String actor,
            String resource,
            String table) {}

    private JdbcClient jdbc;
    private TransactionTemplate transactions;
    private SearchStore store;
    private List<There> all;

    @BeforeAll
    void makeLog() throws SQLException {
        var database = LogDatabase.make("search_store");
        jdbc = JdbcClient.create(database);
        store = new SearchStore(jdbc);
        transactions = new TransactionTemplate(new DataSourceTransactionManager(database));
        var log = LogParts.over(database, new OneScope(transactions), new MemoryBlobs(new Faults()));
        int made = 0;
        // Rounds end within a stretch, at its end, and after many.
        for (int entries : List.of(100, 156, 1, 255, 1, 1, 1000, 3)) {
            append(log, transactions, made, entries);
            made += entries;
        }
        all = jdbc.sql("SELECT * FROM data.leaf ORDER BY index")
                .query(SearchStoreTest::there)
                .list();
        assertThat(all).hasSize(made);
    }

    @Test
    void every_filter_finds_what_fits_and_nothing_else() {
        var rare = all.get(700);
        var nobody = new byte[32];
        var random = new Random(11);
        for (int i = 0; i < 60; i++) {
            var from = anyOf(random, null, BEGIN.plusSeconds(600));
            var actor = anyOf(random, null, bytes(all.get(1).actor()), bytes(rare.actor()), nobody);
            var resource = anyOf(random, null, bytes(all.get(2).table()), bytes(rare.resource()));
            requireFound(new EntryFilter(
                    actor == null ? null : List.of(actor, nobody),
                    resource == null ? null : List.of(resource),
                    null,
                    null,
                    anyOf(random, null, "nord", "nobody"),
                    anyOf(random, null, List.of("access"), List.of("insert", "update")),
                    anyOf(random, null, List.of("denied")),
                    from,
                    from == null ? null : from.plusSeconds(300)));
        }
    }

    @SafeVarargs
    private static <T> @Nullable T anyOf(Random random, @Nullable T... values) {
        return values[random.nextInt(values.length)];
    }

    private void requireFound(EntryFilter filter) {
        var expected = all.stream().filter(there -> fits(filter, there)).toList();
        var indexes = expected.stream().map(There::index).toList();

        assertThat(indexes(store.after(filter, -1, all.size(), MOST)))
                .as("%s", filter)
                .isEqualTo(indexes);
        assertThat(indexes(store.page(filter, MOST, null).rows()))
                .as("%s", filter)
                .isEqualTo(reversed(indexes));
        for (long middle : List.of(256L, 300L, 511L)) {
            assertThat(indexes(store.page(filter, 10, middle).rows()))
                    .as("%s before %s", filter, middle)
                    .isEqualTo(reversed(indexes.stream()
                                    .filter(index -> index < middle)
                                    .toList())
                            .stream()
                            .limit(10)
                            .toList());
            assertThat(store.after(filter, Long.MAX_VALUE, all.size(), 10)).isEmpty();
            assertThat(indexes(store.after(filter, middle, 1000, 10)))
                    .as("%s after %s", filter, middle)
                    .isEqualTo(indexes.stream()
                            .filter(index -> index > middle && index < 1000)
                            .limit(10)
                            .toList());
        }
        var backlog = store.backlog(filter, 255, all.size(), MOST);
        var missing = expected.stream().filter(there -> there.index() > 255).toList();
        assertThat(backlog)
                .isEqualTo(new Backlog(
                        missing.size(),
                        missing.isEmpty() ? null : missing.getFirst().time()));
    }

    @Test
    void pages_go_on_where_the_one_before_stopped_to_look() {
        var filter = new EntryFilter(null, null, null, null, null, null, List.of("denied"), null, null);
        var found = new ArrayList<Long>();
        int pages = 0;
        Long before = null;
        do {
            var page = store.page(filter, 3, before, 1);
            found.addAll(indexes(page.rows()));
            before = page.before();
            pages++;
        } while (before != null);

        assertThat(found)
                .isEqualTo(reversed(all.stream()
                        .filter(there -> fits(filter, there))
                        .map(There::index)
                        .toList()));
        assertThat(pages).isGreaterThan(found.size() / 3);
    }

    /// By the pages that PostgreSQL touches, as the service's own role, in a log that is large for a test.
    @Test
    void no_search_reads_the_whole_log() throws SQLException {
        var database = LogDatabase.make("search_store_large");
        LogDatabase.execute(
                database, """
                INSERT INTO data.leaf
                SELECT i, i, gen_random_uuid(), CASE i %% 3 WHEN 0 THEN 'nord' WHEN 1 THEN 'havn' END,
                       CASE WHEN i = 777 THEN 'gap' ELSE 'insert' END,
                       CASE WHEN i = 777 THEN '{denied}'::text[] ELSE '{}' END,
                       timestamptz '2026-03-01 09:00Z' + i * interval '1 second',
                       sha256(('actor' || i %% 50)::bytea), sha256(('resource' || i)::bytea), sha256(('table' || i %% 9)::bytea),
                       sha256('leaf')
                FROM generate_series(0, 49999) i
                """.replace("%%", "%"), """
                SELECT data.sum_up(0, 49999 >> 8)
                """, "ANALYZE", "GRANT USAGE ON SCHEMA data TO audit_service", """
                GRANT SELECT ON ALL TABLES IN SCHEMA data TO audit_service
                """);
        var large = JdbcClient.create(database);
        long whole = large.sql("SELECT pg_relation_size('data.leaf') / 8192")
                .query((row, i) -> row.getLong(1))
                .single();
        var unknown = List.of(new byte[32]);
        for (var filter : List.of(
                new EntryFilter(unknown, null, null, null, null, null, null, null, null),
                new EntryFilter(null, unknown, null, null, null, null, null, null, null),
                new EntryFilter(null, null, unknown, null, null, null, null, null, null),
                new EntryFilter(null, null, null, unknown, null, null, null, null, null),
                new EntryFilter(null, null, null, null, "nord", null, null, null, null),
                new EntryFilter(null, null, null, null, null, List.of("gap"), null, null, null),
                new EntryFilter(null, null, null, null, null, null, List.of("denied"), null, null),
                new EntryFilter(null, null, null, null, null, null, null, BEGIN, BEGIN.plusSeconds(9)))) {
            for (boolean newestFirst : List.of(true, false)) {
                var range = new Leaves.Range(-1, 50_000, newestFirst);
                for (var leaves : filter.isByStretch()
                        ? List.of(Leaves.stretches(filter, range, 4), Leaves.in(List.of(3L, 70L), filter, range, 10))
                        : List.of(Leaves.anywhere(filter, range, 10))) {
                    assertThat(touched(database, leaves)).as("%s", leaves.sql()).isLessThan(whole / 10);
                }
            }
        }
    }

    private static long touched(DataSource database, Leaves leaves) {
        var large = JdbcClient.create(database);
        var buffers = new TransactionTemplate(new DataSourceTransactionManager(database)).execute(status -> {
            large.sql("SET LOCAL ROLE audit_service").update();
            return large.sql("EXPLAIN (ANALYZE, BUFFERS, SUMMARY off) " + leaves.sql())
                    .params(leaves.values())
                    .query((row, i) -> row.getString(1))
                    .list();
        });
        // The first line that tells of them is the sum.
        var sum = Pattern.compile("(?:hit|read)=(\\d+)")
                .matcher(buffers.stream()
                        .filter(line -> line.contains("Buffers:"))
                        .findFirst()
                        .orElseThrow());
        return sum.results().mapToLong(each -> Long.parseLong(each.group(1))).sum();
    }

    @Test
    void what_an_instance_that_knows_of_no_stretches_appended_is_found() throws SQLException {
        var database = LogDatabase.make("search_store_other");
        var transactions = new TransactionTemplate(new DataSourceTransactionManager(database));
        var log = LogParts.over(database, new OneScope(transactions), new MemoryBlobs(new Faults()));
        var found = new SearchStore(JdbcClient.create(database));
        var filter =
                new EntryFilter(null, null, null, null, null, List.of("access", "insert", "update"), null, null, null);
        append(log, transactions, 0, 300);
        LogDatabase.execute(
                database,
                "ALTER FUNCTION data.sum_up RENAME TO summed_up",
                "CREATE FUNCTION data.sum_up(bigint, bigint) RETURNS void LANGUAGE sql AS ''");
        append(log, transactions, 300, 600);
        LogDatabase.execute(database, "DROP FUNCTION data.sum_up", "ALTER FUNCTION data.summed_up RENAME TO sum_up");

        assertThat(found.after(filter, -1, 900, MOST)).hasSize(900);
        assertThat(found.page(filter, MOST, null).rows()).hasSize(900);

        append(log, transactions, 900, 1);

        assertThat(found.after(filter, -1, 901, MOST)).hasSize(901);
        assertThat(JdbcClient.create(database)
                        .sql("SELECT count(*) FROM data.stretch")
                        .query((row, i) -> row.getLong(1))
                        .single())
                .isEqualTo(4);
    }

    private static void append(LogParts log, TransactionTemplate transactions, int first, int entries) {
        transactions.executeWithoutResult(status -> log.journal()
                .add(IntStream.range(first, first + entries)
                        .mapToObj(SearchStoreTest::entry)
                        .toList()));
        log.sequencer().sequence();
    }

    /// One actor in each hundred, and one table in each three hundred, are of that stretch of the log only.
    private static NewEntry entry(int number) {
        var tenant = NAMES.get(number % 3);
        var actor = number % 100 == 0 ? "rare-" + number : "somebody-" + number % 7;
        var table = number % 300 == 100 ? "tenant_data/rare_" + number : "tenant_data/table_" + number % 4;
        return new NewEntry(
                UUID.randomUUID(),
                KINDS.get(number / 2 % 3),
                number % 50 == 0 ? Set.of(Mark.DENIED) : Set.of(),
                tenant == null ? null : new TenantId(tenant),
                BEGIN.plusSeconds(number),
                new Content(new Actor(Actor.Kind.USER, actor, null), table + "/row-" + number, null, null, Map.of()));
    }

    private static boolean fits(EntryFilter filter, There there) {
        return (filter.actors() == null || holds(filter.actors(), there.actor()))
                && (filter.resources() == null
                        || holds(filter.resources(), there.resource())
                        || holds(filter.resources(), there.table()))
                && (filter.tenant() == null || filter.tenant().equals(there.tenant()))
                && (filter.kinds() == null || filter.kinds().contains(there.kind()))
                && (filter.flags() == null || filter.flags().stream().anyMatch(there.flags()::contains))
                && (filter.from() == null || !there.time().isBefore(filter.from()))
                && (filter.to() == null || there.time().isBefore(filter.to()));
    }

    private static boolean holds(List<byte[]> values, String value) {
        return values.stream().anyMatch(each -> Arrays.equals(each, bytes(value)));
    }

    private static List<Long> indexes(List<EntryRow> rows) {
        return rows.stream().map(EntryRow::index).toList();
    }

    private static List<Long> reversed(List<Long> indexes) {
        var reversed = new ArrayList<>(indexes);
        Collections.reverse(reversed);
        return reversed;
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static There there(ResultSet row, int number) throws SQLException {
        return new There(
                row.getLong("index"),
                row.getString("tenant_id"),
                row.getString("kind"),
                List.of((String[]) row.getArray("flags").getArray()),
                row.getObject("time", OffsetDateTime.class).toInstant(),
                HexFormat.of().formatHex(row.getBytes("actor_index")),
                HexFormat.of().formatHex(row.getBytes("resource_index")),
                HexFormat.of().formatHex(row.getBytes("table_index")));
    }
}
