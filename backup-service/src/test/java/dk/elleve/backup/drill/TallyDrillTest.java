package dk.elleve.backup.drill;

import static dk.elleve.backup.BackupRig.sql;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.MemoryVault;
import dk.elleve.backup.Tallied;
import dk.elleve.backup.wal.WalShipper;
import dk.elleve.backup.wire.Lsn;
import dk.elleve.contracts.audit.TallyEvent.Table;
import dk.elleve.kit.fingerprint.FingerprintKey;
import dk.elleve.kit.test.Rig;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What comes back must be what all logged changes add up to. A copy like its source is not enough:
/// what was changed there past the log comes back as faithfully as the rest.
class TallyDrillTest {

    private static final String DATABASE = "drilled_tally";
    private static final MemoryVault VAULT = new MemoryVault();
    private static final FingerprintKey KEY = FingerprintKey.parse("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");

    private static WalShipper wal;

    @BeforeAll
    static void backUp() throws Exception {
        BackupRig.database(DATABASE);
        sql(
                DATABASE,
                "CREATE SCHEMA data",
                "CREATE TABLE data.account (id int PRIMARY KEY, owner text, balance numeric, opened timestamptz)",
                "INSERT INTO data.account SELECT g, 'owner ' || g, g * 1.50, now() FROM generate_series(1, 500) g",
                "CREATE TABLE data.note (id uuid, body bytea, tags text[])",
                "INSERT INTO data.note SELECT gen_random_uuid(), '\\x0102', '{a,NULL}' FROM generate_series(1, 7)",
                "CREATE TABLE data.nothing (id int)",
                "CREATE TABLE data.place (spot point)",
                "INSERT INTO data.place VALUES ('(1,2)')");
        wal = BackupRig.shipper(VAULT, "tally_drill");
        wal.start();
        BackupRig.backup(VAULT, wal);
    }

    @AfterAll
    static void forget() throws Exception {
        wal.close();
        VAULT.clear();
        BackupRig.forget(DATABASE);
        BackupRig.dropSlot("tally_drill");
    }

    /// What the log would say now.
    private static Tallied log() throws SQLException {
        try (var connection = Rig.postgres().superuser(DATABASE).getConnection()) {
            return Tallied.now(KEY, DATABASE, connection);
        }
    }

    private static Lsn here() throws SQLException {
        return BackupRig.inserted();
    }

    private static LogMark mark(Lsn position, List<Table> tables) {
        return mark(1, position, new LogMark.Database(DATABASE, true, tables));
    }

    private static LogMark mark(int timeline, Lsn position, LogMark.Database... databases) {
        return new LogMark(new Moment.At(timeline, position), Instant.now(), List.of(databases));
    }

    private static List<Table> said(Tallied log, Lsn position) {
        return log.at(BackupRig.systemId(), position.toString());
    }

    private static TallyCheck check() {
        return new TallyCheck(BackupRig.systemId(), KEY);
    }

    private static DrillResult drill(String id, LogMark mark) throws Exception {
        return drill(id, mark, check());
    }

    private static DrillResult drill(String id, LogMark mark, @Nullable TallyCheck check) throws Exception {
        // The server writes its log down beyond the position.
        sql("postgres", "SELECT pg_logical_emit_message(true, 'test', 'x')");
        BackupRig.shipAll(wal);
        return new Drill(
                        BackupRig.server(),
                        BackupRig.cluster(VAULT),
                        wal,
                        Rig.postgresPrograms(),
                        Path.of("target/tally-drills"),
                        Duration.ofMinutes(2),
                        tenant -> true,
                        null,
                        check,
                        Clock.systemUTC())
                .run(id, mark);
    }

    /// The same look at a server that was never restored.
    private static TallyComparison look(LogMark mark) throws SQLException {
        return check().prove(new SourceReader(BackupRig.server()), mark);
    }

    @Test
    void a_copy_holds_what_the_log_says_of_its_position_and_nothing_that_was_committed_behind_it() throws Exception {
        Lsn position;
        LogMark mark;
        try (var late = Rig.postgres().superuser(DATABASE).getConnection();
                var statement = late.createStatement()) {
            late.setAutoCommit(false);
            statement.execute("INSERT INTO data.account VALUES (1001, 'written before, committed behind', 1, now())");
            var log = log();
            position = here();
            mark = mark(position, said(log, position));
            late.commit();
        }
        sql(DATABASE, "UPDATE data.account SET balance = 0 WHERE id = 2");

        var result = drill("tally-1", mark);

        assertThat(result.comparedWith()).isEqualTo(ComparedWith.LOG);
        assertThat(result.position()).isEqualTo(position.toString());
        assertThat(result.tables()).isEqualTo(3);
        assertThat(result.records())
                .isEqualTo(mark.databases().getFirst().tables().stream()
                        .mapToLong(Table::rows)
                        .sum());
        assertThat(result.notComparable()).as("a table with a point").isEqualTo(1);
    }

    @Test
    void a_row_that_the_log_does_not_know_fails_the_drill_and_both_counts_are_named() throws Exception {
        var log = log();
        sql(DATABASE, "INSERT INTO data.note VALUES (gen_random_uuid(), '\\x03', '{}')");
        var position = here();

        assertThatThrownBy(() -> drill("tally-2", mark(position, said(log, position))))
                .hasMessageContaining("not what the log of all changes says of " + position)
                .hasMessageContaining(DATABASE + ".note: 7 rows by the log, 8 restored")
                .hasMessageNotContaining("account");

        sql(DATABASE, "DELETE FROM data.note WHERE body = '\\x03'");
    }

    @Test
    void a_row_that_was_edited_past_the_log_fails_the_drill_though_the_number_of_rows_is_the_same() throws Exception {
        var log = log();
        long rows = log.tables().get("account").rows();
        sql(DATABASE, "UPDATE data.account SET owner = 'somebody else' WHERE id = 250");
        var position = here();

        assertThatThrownBy(() -> drill("tally-3", mark(position, said(log, position))))
                .hasMessageContaining(
                        DATABASE + ".account: " + rows + " rows by the log, " + rows + " restored, but not the same")
                .hasMessageNotContaining("somebody else");

        sql(DATABASE, "UPDATE data.account SET owner = 'owner 250' WHERE id = 250");
    }

    @Test
    void a_position_of_a_timeline_that_the_vault_does_not_lead_to_is_not_restored() throws Exception {
        var position = here();
        var mark = mark(2, position, new LogMark.Database(DATABASE, true, said(log(), position)));

        assertThatThrownBy(() -> drill("tally-4", mark))
                .hasMessageContaining("does not lead to " + position + " on timeline 2");
    }

    @Test
    void without_the_key_nothing_is_compared_with_the_log() throws Exception {
        var position = here();

        assertThatThrownBy(() -> drill("tally-5", mark(position, said(log(), position)), null))
                .hasMessageContaining("elleve.fingerprint-key");
    }

    @Test
    void another_key_agrees_with_nothing() throws Exception {
        var other = FingerprintKey.parse("ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=");
        var position = here();
        var mark = mark(position, said(log(), position));

        assertThatThrownBy(() ->
                        new TallyCheck(BackupRig.systemId(), other).prove(new SourceReader(BackupRig.server()), mark))
                .hasMessageContaining(DATABASE + ".account: ")
                .hasMessageContaining(DATABASE + ".nothing: 0 rows by the log, 0 restored, but not the same");
    }

    @Test
    void tables_of_which_the_log_knows_nothing_are_counted_and_not_compared() throws Exception {
        var position = here();
        var known = said(log(), position).stream()
                .filter(table -> table.name().equals("note"))
                .toList();
        var withoutBeginning = new Table("account", -4, null);

        var compared = look(mark(
                1,
                position,
                new LogMark.Database(
                        DATABASE,
                        false,
                        Stream.concat(known.stream(), Stream.of(withoutBeginning))
                                .toList())));

        assertThat(compared).isEqualTo(new TallyComparison(1, 7, 3, List.of()));
        assertThatThrownBy(
                        () -> look(mark(1, position, new LogMark.Database(DATABASE, false, List.of(withoutBeginning)))))
                .as("what compares nothing proves nothing")
                .hasMessageContaining("none of 4 tables could be compared");
    }

    @Test
    void a_database_that_is_not_there_is_missed_only_if_it_had_rows() throws Exception {
        var position = here();
        var there = new LogMark.Database(DATABASE, true, said(log(), position));
        var empty = new LogMark.Database("never_there", true, List.of());
        var gone = new LogMark.Database("never_there", true, there.tables());

        assertThat(look(mark(1, position, there, empty)).tables()).isEqualTo(3);
        assertThatThrownBy(() -> look(mark(1, position, there, gone)))
                .hasMessageContaining("database never_there is not there");
    }

    @Test
    void a_database_without_the_schema_of_captured_tables_has_none() throws Exception {
        BackupRig.database("without_data");
        try {
            var position = here();
            var there = new LogMark.Database(DATABASE, true, said(log(), position));

            assertThat(look(mark(1, position, there, new LogMark.Database("without_data", true, List.of())))
                            .tables())
                    .isEqualTo(3);
        } finally {
            BackupRig.forget("without_data");
        }
    }
}
