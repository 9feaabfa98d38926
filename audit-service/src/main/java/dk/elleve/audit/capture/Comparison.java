package dk.elleve.audit.capture;

import dk.elleve.kit.fingerprint.Fingerprint;
import dk.elleve.kit.fingerprint.RowHash;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A source's tables as they are, beside what they should be by the log of their changes; both at one
/// position of the WAL.
///
/// @param position of the WAL; every transaction that committed before it is in both, and no other
public record Comparison(String database, long position, List<Table> tables) {

    public enum Verdict {
        EQUAL,
        /// There is nothing to compare with yet: the table was there before its log, or its structure
        /// changed. From here on there is.
        BEGUN,
        DIFFERENT,
        /// The table has a column whose values cannot be compared.
        UNREADABLE
    }

    /// @param logged how many rows there should be; without a meaning where the verdict is `BEGUN`
    /// @param live how many there are
    /// @param difference names what differs, the same in each comparison as long as nothing else
    /// does
    /// @param rows exactly those that differ; absent where none does, and where the log does not
    /// lead to them
    public record Table(
            String name,
            Verdict verdict,
            long logged,
            long live,
            @Nullable UUID difference,
            @Nullable RowDifferences rows) {

        Table(String name, Verdict verdict, long logged, long live, @Nullable UUID difference) {
            this(name, verdict, logged, live, difference, null);
        }

        Table with(RowDifferences found) {
            return new Table(name, verdict, logged, live, difference, found);
        }
    }

    /// @param known whether the changes taken over lead from a known beginning to it
    record Logged(Fingerprint at, boolean known) {}

    sealed interface Live {
        Live GONE = new Rows(Fingerprint.EMPTY);
    }

    record Rows(Fingerprint at) implements Live {}

    record Unreadable() implements Live {}

    /// Judges every table that is in one of them.
    ///
    /// @param compared whether the source was compared before: then a table that nothing was logged of
    /// has no rows
    static Comparison of(
            String database, long position, boolean compared, Map<String, Logged> logged, Map<String, Live> live) {
        var names = new TreeSet<>(logged.keySet());
        names.addAll(live.keySet());
        var tables = new ArrayList<Table>();
        for (var name : names) {
            var should = logged.getOrDefault(name, new Logged(Fingerprint.EMPTY, compared));
            boolean gone = !live.containsKey(name);
            if (gone && (!should.known() || should.at().isEmpty())) {
                continue; // a dropped table
            }
            tables.add(table(database, name, should, live.getOrDefault(name, Live.GONE)));
        }
        return new Comparison(database, position, List.copyOf(tables));
    }

    private static Table table(String database, String name, Logged should, Live live) {
        return switch (live) {
            case Unreadable unreadable -> {
                var why = UUID.nameUUIDFromBytes(RowHash.text("unreadable/" + database + "/" + name));
                yield new Table(name, Verdict.UNREADABLE, should.at().rows(), 0, why);
            }
            case Rows(var is) -> {
                long rows = should.at().rows();
                if (!should.known()) {
                    yield new Table(name, Verdict.BEGUN, rows, is.rows(), null);
                }
                var difference = is.minus(should.at());
                yield difference.isEmpty()
                        ? new Table(name, Verdict.EQUAL, rows, is.rows(), null)
                        : new Table(
                                name,
                                Verdict.DIFFERENT,
                                rows,
                                is.rows(),
                                UUID.nameUUIDFromBytes(RowHash.text(database + "/" + name + "/" + difference)));
            }
        };
    }

    public boolean holds() {
        return tables.stream().allMatch(table -> table.verdict() == Verdict.EQUAL || table.verdict() == Verdict.BEGUN);
    }

    /// Tables that have one of these verdicts.
    public List<Table> with(Verdict verdict) {
        return tables.stream().filter(table -> table.verdict() == verdict).toList();
    }

    public long rows() {
        return tables.stream().mapToLong(Table::live).sum();
    }
}
