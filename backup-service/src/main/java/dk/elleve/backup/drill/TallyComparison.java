package dk.elleve.backup.drill;

import dk.elleve.contracts.audit.TallyEvent.Table;
import dk.elleve.kit.fingerprint.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A copy's tables beside what they must hold by the log of their changes.
///
/// @param tables how many could be compared
/// @param rows how many rows the copy has in them
/// @param notComparable tables of which the log knows no beginning, or that cannot be read in the
///     form of their changes
/// @param differences each with the database and the table, and both numbers of rows; never with
///     what is in a row
record TallyComparison(int tables, long rows, int notComparable, List<String> differences) {

    TallyComparison {
        differences = List.copyOf(differences);
    }

    /// The word that commits to a fingerprint at the moment that is compared.
    @FunctionalInterface
    interface Commitment {
        String to(String database, String table, Fingerprint fingerprint);
    }

    /// @param copy by database and table what was read; empty for a table that cannot be read in
    ///     that form
    static TallyComparison of(
            List<LogMark.Database> tallied,
            Map<String, Map<String, Optional<Fingerprint>>> copy,
            Commitment commitment) {
        var judge = new Judge(commitment);
        for (var database : tallied) {
            var live = copy.get(database.name());
            if (live == null) {
                judge.missing(database);
            } else {
                judge.compare(database, live);
            }
        }
        return new TallyComparison(judge.tables, judge.rows, judge.notComparable, judge.differences);
    }

    private static final class Judge {

        private final Commitment commitment;
        private final List<String> differences = new ArrayList<>();
        private int tables;
        private long rows;
        private int notComparable;

        Judge(Commitment commitment) {
            this.commitment = commitment;
        }

        /// Tables that are gone with their database are told once, and not one by one.
        void missing(LogMark.Database database) {
            int before = differences.size();
            compare(database, Map.of());
            var gone = differences.subList(before, differences.size());
            if (!gone.isEmpty()) {
                var told = "database " + database.name() + " is not there, " + gone.size()
                        + " of its tables have rows by the log";
                gone.clear();
                differences.add(told);
            }
        }

        void compare(LogMark.Database database, Map<String, Optional<Fingerprint>> live) {
            var listed = new HashMap<String, Table>();
            database.tables().forEach(table -> listed.put(table.name(), table));
            var names = new TreeSet<>(live.keySet());
            names.addAll(listed.keySet());
            for (var name : names) {
                // A table that is gone is one without rows.
                var restored = live.getOrDefault(name, Optional.of(Fingerprint.EMPTY));
                var table = listed.get(name);
                boolean known = table == null ? database.complete() : table.commitment() != null;
                if (restored.isEmpty() || !known) {
                    notComparable++;
                } else {
                    compare(database.name(), name, table, restored.get());
                }
            }
        }

        private void compare(String database, String name, @Nullable Table table, Fingerprint restored) {
            tables++;
            rows += restored.rows();
            boolean same = table == null
                    ? restored.isEmpty()
                    : isSame(table.commitment(), commitment.to(database, name, restored));
            if (!same) {
                long logged = table == null ? 0 : table.rows();
                differences.add(database + "." + name + ": " + logged + " rows by the log, " + restored.rows()
                        + " restored" + (logged == restored.rows() ? ", but not the same" : ""));
            }
        }

        private static boolean isSame(@Nullable String said, String restored) {
            return said != null
                    && MessageDigest.isEqual(
                            said.getBytes(StandardCharsets.UTF_8), restored.getBytes(StandardCharsets.UTF_8));
        }
    }
}
