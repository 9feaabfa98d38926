package dk.elleve.audit.log;

import dk.elleve.contracts.TenantId;
import dk.elleve.tlog.AuditLeaf;
import dk.elleve.tlog.Hash;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Entries, leaves and the tree. Every call belongs into a transaction of the caller.
@Repository
public class LogStore {

    record SealedEntry(NewEntry entry, PayloadSeal.Sealed sealed) {}

    /// What the sequencer must know of an entry to make its leaf.
    record Waiting(
            long id,
            UUID eventId,
            EntryKind kind,
            Set<AuditLeaf.Flag> flags,
            Instant time,
            UUID keyId,
            Hash pseudonym,
            Hash ciphertextHash,
            Hash commitment) {}

    /// Entries that came together, and have no place yet.
    ///
    /// @param first the smallest of their ids, which names them
    record Together(long first, List<Long> entries) {}

    record Link(long sequence, long index) {}

    /// @param edge roots of the perfect subtrees, largest first
    record Tree(TreeHead head, List<Hash> edge, TreeHead integrated) {}

    record NewLeaf(long index, long entryId, byte[] bytes) {}

    /// The leaves of the stretch `s`. The limit, which they never reach, keeps PostgreSQL from reading the whole log at
    /// once for all stretches: it takes a range whose ends it does not know for a large part of a table.
    public static final String OF_STRETCH = """
            SELECT *
            FROM data.leaf
            WHERE index >= s.number << 8 AND index < (s.number + 1) << 8
            ORDER BY index
            LIMIT 256
            """;

    /// So many rows of what waits are looked at in one go.
    static final int AT_ONCE = 1024;

    private final JdbcClient jdbc;
    private final JdbcTemplate batches;

    LogStore(JdbcClient jdbc, JdbcTemplate batches) {
        this.jdbc = jdbc;
        this.batches = batches;
    }

    /// One statement for all, with a column in each array: row by row, parsing, triggers and round trips cost more than
    /// the rows.
    void add(List<SealedEntry> entries) {
        batches.update("""
                WITH added AS (
                    INSERT INTO data.entry (event_id, tenant_id, kind, flags, marks, time, under_tenant_key, key_id,
                                            pseudonym, payload, ciphertext_hash, commitment,
                                            actor_index, resource_index, table_index)
                    SELECT event_id, tenant_id, kind, string_to_array(flags, ' '), string_to_array(marks, ' '),
                           timestamptz 'epoch' + micros * interval '1 microsecond', under_tenant_key, key_id,
                           pseudonym, payload, ciphertext_hash, commitment,
                           actor_index, resource_index, table_index
                    FROM unnest(CAST(? AS uuid[]), CAST(? AS text[]), CAST(? AS text[]), CAST(? AS text[]),
                                CAST(? AS text[]), CAST(? AS bigint[]), CAST(? AS boolean[]), CAST(? AS uuid[]),
                                CAST(? AS bytea[]), CAST(? AS bytea[]), CAST(? AS bytea[]), CAST(? AS bytea[]),
                                CAST(? AS bytea[]), CAST(? AS bytea[]), CAST(? AS bytea[]))
                         WITH ORDINALITY
                         AS e (event_id, tenant_id, kind, flags, marks, micros, under_tenant_key, key_id,
                               pseudonym, payload, ciphertext_hash, commitment,
                               actor_index, resource_index, table_index, place)
                    ORDER BY place
                    RETURNING id)
                INSERT INTO data.waiting (first_entry, entries)
                SELECT min(id), array_agg(id ORDER BY id) FROM added
                """, statement -> {
            var columns = new Columns<>(statement, entries);
            columns.add("uuid", UUID[]::new, each -> each.entry().eventId());
            columns.add("text", String[]::new, each -> text(each.entry().tenant()));
            columns.add("text", String[]::new, each -> each.entry().kind().word());
            columns.add("text", String[]::new, each -> words(each.entry().marks(), Mark::shown));
            columns.add("text", String[]::new, each -> words(each.entry().marks(), mark -> true));
            columns.add("int8", Long[]::new, each -> micros(each.entry().time()));
            columns.add("bool", Boolean[]::new, each -> each.sealed().underTenantKey());
            columns.add("uuid", UUID[]::new, each -> each.sealed().keyId());
            columns.add(
                    "bytea", byte[][]::new, each -> each.sealed().pseudonym().bytes());
            columns.add("bytea", byte[][]::new, each -> each.sealed().ciphertext());
            columns.add(
                    "bytea",
                    byte[][]::new,
                    each -> Hash.sha256(each.sealed().ciphertext()).bytes());
            columns.add(
                    "bytea", byte[][]::new, each -> each.sealed().commitment().bytes());
            columns.add("bytea", byte[][]::new, each -> each.sealed().actorIndex());
            columns.add("bytea", byte[][]::new, each -> each.sealed().resourceIndex());
            columns.add("bytea", byte[][]::new, each -> each.sealed().tableIndex());
        });
        record About(byte[] value, UUID eventId) {}
        var about = entries.stream()
                .flatMap(each -> each.sealed().about().stream()
                        .map(value -> new About(value, each.entry().eventId())))
                .toList();
        if (!about.isEmpty()) {
            batches.update("""
                    INSERT INTO data.about
                    SELECT value, event_id
                    FROM unnest(CAST(? AS bytea[]), CAST(? AS uuid[])) AS a (value, event_id)
                    """, statement -> {
                var columns = new Columns<>(statement, about);
                columns.add("bytea", byte[][]::new, About::value);
                columns.add("uuid", UUID[]::new, About::eventId);
            });
        }
    }

    private static @Nullable String text(@Nullable TenantId tenant) {
        return tenant == null ? null : tenant.value();
    }

    private static String words(Set<Mark> marks, Predicate<Mark> which) {
        return marks.stream().filter(which).sorted().map(Mark::word).collect(Collectors.joining(" "));
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    /// Rows as a statement's parameters, one array for each column.
    private record Columns<T>(PreparedStatement statement, List<T> rows, AtomicInteger parameters) {

        Columns(PreparedStatement statement, List<T> rows) {
            this(statement, rows, new AtomicInteger());
        }

        /// @param array of the type that the driver sends as it is: numbers and bytes as objects would go as texts
        <A extends @Nullable Object> void add(String type, IntFunction<A[]> array, Function<T, A> value)
                throws SQLException {
            var values = rows.stream().map(value).toArray(array);
            statement.setArray(
                    parameters.incrementAndGet(), statement.getConnection().createArrayOf(type, values));
        }
    }

    /// Waits for any other sequencer to end its transaction.
    void lead() {
        jdbc.sql("SELECT pg_advisory_xact_lock(hashtext('audit.log'))::text")
                .query(String.class)
                .single();
    }

    boolean isAnyWaiting() {
        return jdbc.sql("SELECT EXISTS (SELECT FROM data.waiting)")
                .query(Boolean.class)
                .single();
    }

    /// What waits longest, in its order, until it is enough, or [#AT_ONCE] rows. Empty if nothing waits.
    List<Together> waiting(int enough) {
        return jdbc.sql("""
                        SELECT first_entry, entries
                        FROM (SELECT first_entry, entries,
                                     sum(cardinality(entries)) OVER (ORDER BY first_entry) - cardinality(entries) AS before
                              FROM (SELECT first_entry, entries FROM data.waiting ORDER BY first_entry LIMIT ?) next) w
                        WHERE before < ?
                        ORDER BY first_entry
                        """)
                .params(AT_ONCE, enough)
                .query((row, i) -> new Together(
                        row.getLong(1), List.of((Long[]) row.getArray(2).getArray())))
                .list();
    }

    /// In the order of their ids in the list.
    List<Waiting> entries(List<Long> ids) {
        return jdbc.sql("""
                        SELECT e.id, e.event_id, e.kind, e.marks, e.time, e.key_id, e.pseudonym, e.ciphertext_hash,
                               e.commitment
                        FROM unnest(CAST(? AS bigint[])) WITH ORDINALITY AS w (id, place)
                        JOIN data.entry e ON e.id = w.id
                        WHERE e.id BETWEEN ? AND ?
                        ORDER BY w.place
                        """)
                .params(ids.toArray(Long[]::new), Collections.min(ids), Collections.max(ids))
                .query(LogStore::waiting)
                .list();
    }

    long countWaiting() {
        return jdbc.sql("SELECT coalesce(sum(cardinality(entries)), 0) FROM data.waiting")
                .query(Long.class)
                .single();
    }

    /// Entries that tell of a change without a known author, or of a hole.
    long countAlarming() {
        return jdbc.sql("""
                        SELECT count(*)
                        FROM data.entry
                        WHERE flags && '{unattributed,forged,replayed,gap}'
                        """).query(Long.class).single();
    }

    Tree tree() {
        return jdbc.sql("SELECT size, root, edge, integrated_size, integrated_root FROM data.tree")
                .query((row, i) -> new Tree(
                        new TreeHead(row.getLong(1), Hash.of(row.getBytes(2))),
                        hashes(row.getBytes(3)),
                        new TreeHead(row.getLong(4), Hash.of(row.getBytes(5)))))
                .single();
    }

    Map<Hash, Link> links(Collection<Hash> pseudonyms) {
        var links = new HashMap<Hash, Link>();
        jdbc.sql("SELECT pseudonym, sequence, last_index FROM data.chain WHERE pseudonym = ANY (?)")
                .param(pseudonyms.stream().map(Hash::bytes).toArray(byte[][]::new))
                .query(row -> {
                    links.put(Hash.of(row.getBytes(1)), new Link(row.getLong(2), row.getLong(3)));
                });
        return links;
    }

    void link(Map<Hash, Link> links) {
        batches.batchUpdate("""
                INSERT INTO data.chain (pseudonym, sequence, last_index)
                VALUES (?, ?, ?)
                ON CONFLICT (pseudonym) DO UPDATE
                SET sequence = excluded.sequence, last_index = excluded.last_index
                """, links.entrySet(), 500, (statement, link) -> {
            statement.setBytes(1, link.getKey().bytes());
            statement.setLong(2, link.getValue().sequence());
            statement.setLong(3, link.getValue().index());
        });
    }

    /// Those that have a chain: each is whose its last leaf is.
    public List<TenantId> tenants() {
        return jdbc.sql("""
                        SELECT DISTINCT l.tenant_id
                        FROM data.chain c
                        JOIN data.leaf l ON l.index = c.last_index
                        WHERE l.tenant_id IS NOT NULL
                        ORDER BY l.tenant_id
                        """).query((row, i) -> new TenantId(row.getString(1))).list();
    }

    /// Which of these events are there.
    Set<UUID> known(Collection<UUID> events) {
        return new HashSet<>(jdbc.sql("SELECT event_id FROM data.entry WHERE event_id = ANY (?)")
                .param(events.toArray(UUID[]::new))
                .query(UUID.class)
                .list());
    }

    /// @param placed what waits no longer
    void append(List<NewLeaf> leaves, List<Together> placed) {
        var ids = leaves.stream().map(NewLeaf::entryId).toList();
        int appended = batches.update("""
                INSERT INTO data.leaf (index, entry_id, event_id, tenant_id, kind, flags, time, actor_index,
                                       resource_index, table_index, bytes)
                SELECT n.index, e.id, e.event_id, e.tenant_id, e.kind, e.flags, e.time, e.actor_index,
                       e.resource_index, e.table_index, n.bytes
                FROM unnest(CAST(? AS bigint[]), CAST(? AS bigint[]), CAST(? AS bytea[]))
                     AS n (index, entry_id, bytes)
                JOIN data.entry e ON e.id = n.entry_id
                WHERE e.id BETWEEN ? AND ?
                ORDER BY n.index
                """, statement -> {
            var columns = new Columns<>(statement, leaves);
            columns.add("int8", Long[]::new, NewLeaf::index);
            columns.add("int8", Long[]::new, NewLeaf::entryId);
            columns.add("bytea", byte[][]::new, NewLeaf::bytes);
            statement.setLong(4, Collections.min(ids));
            statement.setLong(5, Collections.max(ids));
        });
        if (appended != leaves.size()) {
            throw new LogDamaged("Of " + leaves.size() + " entries with a place " + appended + " are there");
        }
        // From the newest stretch on that is summed up, whoever appended what came after it.
        jdbc.sql("SELECT data.sum_up(coalesce(max(number), 0), ?) FROM data.stretch")
                .param(leaves.getLast().index() >> 8)
                .query(row -> {});
        jdbc.sql("DELETE FROM data.waiting WHERE first_entry = ANY (?)")
                .param(placed.stream().map(Together::first).toArray(Long[]::new))
                .update();
    }

    /// @return -1 if nothing is summed up yet
    long newestStretch() {
        return jdbc.sql("SELECT coalesce(max(number), -1) FROM data.stretch")
                .query(Long.class)
                .single();
    }

    /// Sums up these stretches as their leaves are now. Belongs into the transaction of who leads.
    void sumUp(List<Long> stretches) {
        jdbc.sql("SELECT data.sum_up(number, number) FROM unnest(CAST(? AS bigint[])) AS number")
                .param(stretches.toArray(Long[]::new))
                .query(row -> {});
    }

    /// Which of these stretches do not say what their leaves are.
    List<Long> wrongStretches(long first, long last) {
        return jdbc.sql("""
                        SELECT should.number
                        FROM data.sums(?, ?) should
                        LEFT JOIN data.stretch s ON s.number = should.number
                        WHERE s IS DISTINCT FROM should
                        ORDER BY should.number
                        """)
                .params(first, last)
                .query((row, i) -> row.getLong(1))
                .list();
    }

    void grown(TreeHead head, List<Hash> edge) {
        var bytes = ByteBuffer.allocate(edge.size() * Hash.LENGTH);
        edge.forEach(hash -> bytes.put(hash.bytes()));
        jdbc.sql("UPDATE data.tree SET size = ?, root = ?, edge = ?")
                .params(head.size(), head.root().bytes(), bytes.array())
                .update();
    }

    /// The canonical leaves from an index on.
    List<byte[]> leaves(long from, long to) {
        return jdbc.sql("SELECT bytes FROM data.leaf WHERE index >= ? AND index < ? ORDER BY index")
                .params(from, to)
                .query((row, i) -> row.getBytes(1))
                .list();
    }

    Optional<byte[]> leaf(long index) {
        return jdbc.sql("SELECT bytes FROM data.leaf WHERE index = ?")
                .param(index)
                .query((row, i) -> row.getBytes(1))
                .optional();
    }

    /// @return whether nobody else had moved it meanwhile
    boolean integrated(TreeHead before, TreeHead now) {
        return jdbc.sql("""
                        UPDATE data.tree
                        SET integrated_size = ?, integrated_root = ?
                        WHERE integrated_size = ?
                        """)
                        .params(now.size(), now.root().bytes(), before.size())
                        .update()
                == 1;
    }

    private static Waiting waiting(ResultSet row, int number) throws SQLException {
        var flags = EnumSet.noneOf(AuditLeaf.Flag.class);
        for (var word : (String[]) row.getArray("marks").getArray()) {
            var flag = Mark.of(word).leaf();
            if (flag != null) {
                flags.add(flag);
            }
        }
        return new Waiting(
                row.getLong("id"),
                row.getObject("event_id", UUID.class),
                EntryKind.of(row.getString("kind")),
                flags,
                row.getObject("time", OffsetDateTime.class).toInstant(),
                row.getObject("key_id", UUID.class),
                Hash.of(row.getBytes("pseudonym")),
                Hash.of(row.getBytes("ciphertext_hash")),
                Hash.of(row.getBytes("commitment")));
    }

    private static List<Hash> hashes(byte[] bytes) {
        var hashes = new ArrayList<Hash>();
        for (int at = 0; at < bytes.length; at += Hash.LENGTH) {
            hashes.add(Hash.of(Arrays.copyOfRange(bytes, at, at + Hash.LENGTH)));
        }
        return hashes;
    }
}
