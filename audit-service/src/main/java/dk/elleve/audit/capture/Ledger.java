package dk.elleve.audit.capture;

import dk.elleve.audit.log.Content;
import dk.elleve.audit.log.EntryKind;
import dk.elleve.audit.log.EventIds;
import dk.elleve.audit.log.Mark;
import dk.elleve.audit.log.NewEntry;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Finding;
import dk.elleve.contracts.TenantId;
import dk.elleve.kit.attribution.AttributionSigner;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Decides what a transaction is in the log: its entries, and whether somebody must be told. No I/O, no clock.
final class Ledger {

    /// @param entries one for each row, in order; made as they are read
    /// @param finding what must be told, if the transaction has no known author
    record Decision(Stream<NewEntry> entries, Optional<Finding> finding) {}

    /// Every change of structure is a row of this table.
    static final String DDL_TABLE = "ddl_log";

    /// Its rows are the tenants' and may be kept under the tenants' keys only.
    private static final String CUSTOMERS = "tenant_data";

    /// A program of others, with a login of its own: it signs nothing. Its tables hold what nobody
    /// may read, and people of every tenant beside each other, under no key that could be thrown
    /// away for one of them. So the log keeps that a row changed, which one, and in which columns,
    /// and no value.
    static final String KEYCLOAK = "keycloak";

    /// In which the name that somebody typed stands in the key.
    private static final String KEYCLOAK_FAILURES = "username_login_failure";

    /// Keeps the findings, also those that its own rows make.
    private static final String FINDINGS = "breach";

    private static final String FLYWAY_HISTORY = "kit.flyway_schema_history";

    private static final int LONGEST_NAME = 200;

    private Ledger() {}

    /// Whether the rows' values are in the log, so that rows can be compared with it one by one.
    static boolean keepsValues(String database) {
        return !database.equals(KEYCLOAK);
    }

    /// @param signer of the service whose database this is; absent for Keycloak's
    static Decision decide(
            SourceId source, RowTransaction transaction, @Nullable AttributionSigner signer, Instant now) {
        var author = Author.of(transaction, signer);
        boolean expected = author instanceof Author.Unknown
                && (isFlywaysOwn(source.database(), transaction) || isKeycloaksOwn(source.database(), transaction));
        var entries =
                transaction.changes().stream().map(change -> entry(source, transaction, change, author, expected));
        var finding = author instanceof Author.Unknown(var why)
                        && !expected
                        && !transaction.changes().isEmpty()
                ? Optional.of(finding(source, transaction, why, now))
                : Optional.<Finding>empty();
        return new Decision(entries, finding);
    }

    /// Flyway makes its history table in a transaction of its own before the first migration, too early to sign. It
    /// is the one unsigned work that is expected: nothing but changes of structure, made by the migrator, to that
    /// table and its indexes.
    ///
    /// Provisioning needs no rule: it works with event triggers off, so it leaves no row.
    private static boolean isFlywaysOwn(String database, RowTransaction transaction) {
        return transaction.attributions().isEmpty()
                && transaction.changes().stream()
                        .allMatch(change -> change.table().equals(DDL_TABLE)
                                && change.operation() == RowChange.Operation.INSERT
                                && (database + "_migrator").equals(change.value("session_role"))
                                && change.value("object") instanceof String object
                                && (object.equals(FLYWAY_HISTORY) || object.startsWith(FLYWAY_HISTORY + "_")));
    }

    /// Everything that was done with Keycloak's login, and nothing else, is Keycloak's work. Who
    /// asked Keycloak for it is in its own events.
    private static boolean isKeycloaksOwn(String database, RowTransaction transaction) {
        if (!database.equals(KEYCLOAK) || !transaction.attributions().isEmpty()) {
            return false;
        }
        var connected = transaction.session().get("role");
        return connected == null
                // Only a change of structure comes without a word of who was connected: it says so itself.
                ? transaction.changes().stream().allMatch(Ledger::isKeycloaksRestructuring)
                : connected.equals(KEYCLOAK)
                        && transaction.changes().stream()
                                .allMatch(change ->
                                        !change.table().equals(DDL_TABLE) || isKeycloaksRestructuring(change));
    }

    private static boolean isKeycloaksRestructuring(RowChange change) {
        return change.table().equals(DDL_TABLE)
                && change.operation() == RowChange.Operation.INSERT
                && KEYCLOAK.equals(change.value("session_role"));
    }

    private static NewEntry entry(
            SourceId source, RowTransaction transaction, RowChange change, Author author, boolean expected) {
        boolean ddl = change.table().equals(DDL_TABLE);
        var marks = EnumSet.noneOf(Mark.class);
        Actor actor;
        var origin = new LinkedHashMap<String, String>();
        origin.put("database", source.database());
        origin.put("transaction", Long.toString(transaction.id()));
        origin.put("lsn", Long.toString(transaction.commitLsn()));
        origin.put("order", Long.toString(change.order()));
        switch (author) {
            case Author.Known known -> {
                actor = known.actor();
                marks.add(Mark.ATTRIBUTED);
                origin.put("request", known.requestId());
                if (known.trace() != null) {
                    origin.put("trace", known.trace());
                }
                if (actor.grant() != null) {
                    marks.add(Mark.UNDER_GRANT);
                }
                switch (actor.kind()) {
                    case STAFF -> marks.add(Mark.STAFF);
                    case SYSTEM, MIGRATION -> marks.add(Mark.SYSTEM);
                    case USER, DATABASE, ANONYMOUS -> {}
                }
            }
            case Author.Unknown(var why) -> {
                actor = new Actor(Actor.Kind.DATABASE, printable(role(transaction)), null);
                marks.add(expected ? Mark.SYSTEM : why);
                origin.putAll(transaction.session());
            }
        }
        if (ddl) {
            marks.add(Mark.DDL);
        }
        var kind = ddl
                ? EntryKind.DDL
                : switch (change.operation()) {
                    case INSERT -> EntryKind.INSERT;
                    case UPDATE -> EntryKind.UPDATE;
                    case DELETE -> EntryKind.DELETE;
                    case TRUNCATE -> EntryKind.TRUNCATE;
                };
        if (kind == EntryKind.TRUNCATE) {
            marks.add(Mark.MASS);
        }
        return new NewEntry(
                eventId(source, transaction, change),
                kind,
                marks,
                tenant(change, author),
                change.committed(),
                ddl || keepsValues(source.database())
                        ? new Content(actor, resource(source, change), change.before(), change.after(), origin)
                        : new Content(actor, resource(source, change), null, columns(change), origin),
                List.of(),
                !ddl && source.database().equals(CUSTOMERS));
    }

    /// Never the row's own LSN: rows share one.
    private static UUID eventId(SourceId source, RowTransaction transaction, RowChange change) {
        return EventIds.of(
                change.committed(),
                source.system(),
                Integer.toString(source.timeline()),
                source.database(),
                Long.toString(transaction.commitLsn()),
                Long.toString(change.order()));
    }

    /// The row's own tenant; a row of a table without tenants belongs to whom the transaction was bound to.
    private static @Nullable TenantId tenant(RowChange change, Author author) {
        if (change.value("tenant_id") instanceof String) {
            return ownTenant(change);
        }
        return author instanceof Author.Known known ? known.tenant() : null;
    }

    private static @Nullable TenantId ownTenant(RowChange change) {
        try {
            return change.value("tenant_id") instanceof String text ? new TenantId(text) : null;
        } catch (IllegalArgumentException noTenant) {
            return null;
        }
    }

    /// Which columns of a row have another value now.
    private static @Nullable Map<String, @Nullable Object> columns(RowChange change) {
        var before = change.before();
        var after = change.after();
        if (before == null || after == null) {
            return null;
        }
        return Map.of(
                "columns",
                after.keySet().stream()
                        .filter(column -> !Objects.equals(before.get(column), after.get(column)))
                        .sorted()
                        .toList());
    }

    private static String resource(SourceId source, RowChange change) {
        var table = source.database() + "/" + change.table();
        return change.key().isEmpty() || table.equals(KEYCLOAK + "/" + KEYCLOAK_FAILURES)
                ? table
                : table + "/" + change.key();
    }

    private static String role(RowTransaction transaction) {
        var told = transaction.session().get("role");
        if (told != null && !told.isBlank()) {
            return told;
        }
        return transaction.changes().stream()
                .map(change -> change.value("session_role"))
                .filter(Objects::nonNull)
                .map(String::valueOf)
                .findFirst()
                .orElse("unknown");
    }

    /// A role may be called anything; an actor may not.
    private static String printable(String name) {
        var clean = name.replaceAll("\\p{Cntrl}", "?");
        return clean.length() > LONGEST_NAME ? clean.substring(0, LONGEST_NAME) : clean;
    }

    private static Finding finding(SourceId source, RowTransaction transaction, Mark why, Instant now) {
        var first = transaction.changes().stream().findFirst().orElseThrow();
        var rows = transaction.changes().stream()
                .collect(Collectors.groupingBy(RowChange::table, TreeMap::new, Collectors.counting()));
        var tenants = transaction.changes().stream()
                .map(change -> Optional.ofNullable(ownTenant(change)))
                .distinct()
                .limit(2)
                .toList();
        var facts = new LinkedHashMap<String, String>();
        facts.put("reason", why.word());
        facts.put("database", source.database());
        facts.put("role", role(transaction));
        facts.put("application", transaction.session().getOrDefault("application", "unknown"));
        facts.put("address", transaction.session().getOrDefault("address", "unknown"));
        facts.put("table", String.join(" ", rows.keySet()));
        facts.put("rows", Long.toString(transaction.changes().size()));
        facts.put("transaction", Long.toString(transaction.id()));
        rows.forEach((table, count) -> facts.put("rows." + table, count.toString()));
        if (rows.containsKey(DDL_TABLE)) {
            facts.put(
                    "commands",
                    transaction.changes().stream()
                            .map(change -> change.value("tag"))
                            .filter(Objects::nonNull)
                            .map(String::valueOf)
                            .distinct()
                            .collect(Collectors.joining(", ")));
        }
        return new Finding(
                "unattributed-" + findingId(source, transaction, first, why, facts),
                "unattributed-change",
                Finding.Severity.HIGH,
                tenants.size() == 1 ? tenants.getFirst().orElse(null) : null,
                now,
                first.committed(),
                source.database() + "/" + rows.firstKey(),
                Map.copyOf(facts));
    }

    /// Of one transaction. Where breach-service's own key is wrong, each finding that it keeps
    /// would be one more: what is forged in its database is the same finding for an hour, as long
    /// as it comes from the same program and is about the same tables. The entries are marked one
    /// by one all the same.
    private static UUID findingId(
            SourceId source, RowTransaction transaction, RowChange first, Mark why, Map<String, String> facts) {
        return source.database().equals(FINDINGS) && why == Mark.FORGED
                ? EventIds.of(
                        first.committed().truncatedTo(ChronoUnit.HOURS),
                        Stream.of("database", "role", "application", "address", "table")
                                .map(facts::get)
                                .toArray(String[]::new))
                : eventId(source, transaction, first);
    }
}
