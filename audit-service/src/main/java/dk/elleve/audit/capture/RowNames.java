package dk.elleve.audit.capture;

import dk.elleve.audit.log.Content;
import dk.elleve.audit.log.EntryKind;
import dk.elleve.audit.log.RowHistoryStore;
import dk.elleve.audit.log.RowHistoryStore.Said;
import dk.elleve.contracts.TenantId;
import dk.elleve.kit.fingerprint.Fingerprint;
import dk.elleve.kit.fingerprint.LiveRows;
import dk.elleve.kit.fingerprint.RowHash;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Finds the rows in which a table differs from its log, once it is known that it does: what the
/// newest entry of each row says is put beside the row.
@Component
class RowNames {

    /// For all tables of a comparison: the finding waits for it.
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final int AT_A_TIME = 500;
    private static final int LONGEST_KEY = 200;

    /// Says of a column without a value that it has none; the house's own leaves it out.
    private static final JsonMapper IMAGES = new JsonMapper();

    private static final Logger log = LoggerFactory.getLogger(RowNames.class);

    /// Why the rows are not named.
    private static final class Unnamed extends RuntimeException {
        Unnamed(String why, @Nullable Throwable cause) {
            super(why, cause);
        }
    }

    private final RowHistoryStore history;
    private final Transactions transactions;
    private final Clock clock;

    RowNames(RowHistoryStore history, Transactions transactions, Clock clock) {
        this.history = history;
        this.transactions = transactions;
        this.clock = clock;
    }

    /// By when the rows of a comparison that begins to look for them must be found.
    Instant deadline() {
        return clock.instant().plus(PATIENCE);
    }

    /// Takes as long as reading the table row by row and opening an entry of each.
    ///
    /// @param snapshot of the database; all changes before its position are taken over
    /// @param difference of the table: what is there less what should be there
    /// @param live how many rows are there
    /// @return empty where the log does not lead to the rows for certain
    Optional<RowDifferences> find(
            SourceSnapshot snapshot,
            RowHash hash,
            String database,
            String table,
            Fingerprint difference,
            long live,
            Instant until) {
        if (!Ledger.keepsValues(database)) {
            return Optional.empty();
        }
        try (var apart = snapshot.rows(hash, table)) {
            var rows = apart.rows();
            if (rows.isEmpty()) {
                return Optional.empty();
            }
            var search = new Search(snapshot.position(), rows.get(), database + "/" + table, until);
            return transactions.read(Scope.platform(), () -> search.find(difference, live));
        } catch (SQLException | RuntimeException why) {
            // Whatever it is, that the table differs must be told.
            log.warn("Which rows of {}/{} differ from the log was not found out", database, table, why);
            return Optional.empty();
        }
    }

    /// What an entry says of a row, and the row.
    ///
    /// @param should hash of the row as it should be; absent if it should not be there
    /// @param live hash of the row as it is; absent if it is not there
    private record Beside(Said entry, byte @Nullable [] should, byte @Nullable [] live) {

        static Beside of(Said entry, LiveRows.Pair pair, long emptied) {
            boolean gone = entry.isLater() || entry.kind() == EntryKind.DELETE || entry.id() < emptied;
            return new Beside(entry, gone ? null : pair.said(), pair.live());
        }

        boolean differs() {
            return !Arrays.equals(should, live);
        }

        /// Whether somebody else's entry, to whom the row went, says more.
        boolean isReplaced(Map<String, Said> newest) {
            var said = newest.get(entry.content().resource());
            return said != null && said.id() > entry.id();
        }
    }

    private final class Search {

        private final LiveRows rows;
        private final String table;
        private final Predicate<Content> before;
        private final Instant until;

        /// With the rows that no entry tells of: were they there before the log, or did they come
        /// past it?
        private final Suspects all = new Suspects();

        /// Only what entries speak against.
        private final Suspects said = new Suspects();

        private long there;

        Search(long position, LiveRows rows, String table, Instant until) {
            this.rows = rows;
            this.table = table;
            this.until = until;
            this.before = content ->
                    Long.compareUnsigned(Long.parseLong(content.origin().getOrDefault("lsn", "-1")), position) <= 0;
        }

        Optional<RowDifferences> find(Fingerprint difference, long live) {
            long emptied = history.emptied(table, before).map(Said::id).orElse(-1L);
            history.newest(table, before, some -> compare(some, emptied));
            if (there < live) {
                lookForUnknown();
            }
            return all.explaining(difference).or(() -> said.explaining(difference));
        }

        private void compare(List<Said> entries, long emptied) {
            hurry();
            var known = entries.stream()
                    .filter(entry -> entry.kind() != EntryKind.TRUNCATE && image(entry.content()) != null)
                    // Of the time when the table had no primary key.
                    .filter(entry -> entry.content().resource().startsWith(table + "/"))
                    .toList();
            if (known.isEmpty()) {
                return;
            }
            var images = known.stream()
                    .map(entry -> IMAGES.writeValueAsString(image(entry.content())))
                    .toList();
            List<LiveRows.Pair> pairs;
            try {
                pairs = rows.beside(images);
            } catch (SQLException e) {
                throw new Unnamed("Rows could not be put beside what the log says of them", e);
            }
            var compared = IntStream.range(0, known.size())
                    .mapToObj(i -> Beside.of(known.get(i), pairs.get(i), emptied))
                    .toList();
            var newest = history.newest(
                    compared.stream()
                            .filter(Beside::differs)
                            .map(each -> each.entry().content().resource())
                            .toList(),
                    before);
            for (var each : compared) {
                if (each.differs() && each.isReplaced(newest)) {
                    continue;
                }
                if (each.live() != null) {
                    there++;
                }
                var key = printable(each.entry().content().resource().substring(table.length() + 1));
                all.look(key, each.should(), each.live());
                if (!each.entry().isLater()) {
                    said.look(key, each.should(), each.live());
                }
            }
        }

        private void lookForUnknown() {
            try {
                rows.each(AT_A_TIME, some -> {
                    hurry();
                    some.stream()
                            .collect(Collectors.groupingBy(row -> tenant(row.tenant())))
                            .forEach((tenant, its) -> lookForUnknown(tenant.orElse(null), its));
                });
            } catch (SQLException e) {
                throw new Unnamed("The rows could not be read one by one", e);
            }
        }

        private void lookForUnknown(@Nullable TenantId tenant, List<LiveRows.Row> some) {
            var known = history.known(tenant, some.stream().map(this::resource).toList());
            some.stream()
                    .filter(row -> !known.contains(resource(row)))
                    .forEach(row -> all.look(printable(row.key()), null, row.hash()));
        }

        private String resource(LiveRows.Row row) {
            return table + "/" + row.key();
        }

        private void hurry() {
            if (clock.instant().isAfter(until) || Thread.currentThread().isInterrupted()) {
                throw new Unnamed("It takes too long", null);
            }
        }
    }

    private static @Nullable Object image(Content content) {
        return content.after() != null ? content.after() : content.before();
    }

    private static Optional<TenantId> tenant(@Nullable String name) {
        try {
            return Optional.ofNullable(name).map(TenantId::new);
        } catch (IllegalArgumentException noTenant) {
            return Optional.empty();
        }
    }

    /// Whoever put a row in chose its key, and it is shown to people.
    private static String printable(String key) {
        var clean = key.replaceAll("\\p{Cntrl}", "?");
        return clean.length() > LONGEST_KEY ? clean.substring(0, LONGEST_KEY) + "…" : clean;
    }
}
