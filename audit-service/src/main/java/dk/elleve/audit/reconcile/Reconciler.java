package dk.elleve.audit.reconcile;

import dk.elleve.audit.capture.Capture;
import dk.elleve.audit.capture.Comparer;
import dk.elleve.audit.capture.Comparison;
import dk.elleve.audit.capture.Comparison.Verdict;
import dk.elleve.audit.capture.RowDifference;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Evidence;
import dk.elleve.contracts.Finding;
import dk.elleve.contracts.Topic;
import dk.elleve.kit.outbox.Outbox;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.kit.time.Ids;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Compares each source once a day, and within a minute where a table has nothing to be compared with
/// yet: the time in which nobody would notice is short. What differs is a finding; how all sources
/// stand is evidence.
@Component
class Reconciler {

    static final String CLAIM = "access.reconciled";

    private static final Logger log = LoggerFactory.getLogger(Reconciler.class);

    /// How often a source is looked at.
    private static final Duration LOOK = Duration.ofSeconds(30);

    /// How much later than it should a comparison may come.
    private static final Duration LATE = Duration.ofHours(1);

    private final Capture capture;
    private final Comparer comparer;
    private final ReconciliationStore store;
    private final Transactions transactions;
    private final Outbox outbox;
    private final Clock clock;
    private final ReconcileProperties properties;
    private final Tallier tallier;

    /// Sources that somebody wants compared now.
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    private final Map<String, Instant> resting = new HashMap<>();

    Reconciler(
            Capture capture,
            Comparer comparer,
            ReconciliationStore store,
            Transactions transactions,
            Outbox outbox,
            Clock clock,
            ReconcileProperties properties,
            Tallier tallier) {
        this.capture = capture;
        this.comparer = comparer;
        this.store = store;
        this.transactions = transactions;
        this.outbox = outbox;
        this.clock = clock;
        this.properties = properties;
        this.tallier = tallier;
    }

    /// Compares a source as soon as possible, though it is not due.
    void ask(String source) {
        asked.add(source);
    }

    @Scheduled(initialDelay = 5_000, fixedDelay = 2_000)
    void look() {
        for (var source : capture.sources()) {
            var now = clock.instant();
            boolean wanted = asked.remove(source);
            if (!wanted && now.isBefore(resting.getOrDefault(source, Instant.MIN))) {
                continue;
            }
            resting.put(source, now.plus(properties.rest()));
            try {
                var newest = transactions.read(Scope.platform(), () -> store.newest(source));
                if (wanted || isDue(newest, now) || comparer.isUnknown(source, unreadable(newest))) {
                    compare(source, now);
                }
                resting.put(source, now.plus(LOOK));
            } catch (Comparer.NotNow notNow) {
                log.warn("{} could not be compared with its log: {}", source, notNow.getMessage(), notNow);
            }
        }
        try {
            tallier.look();
        } catch (Comparer.NotNow notNow) {
            log.warn("What the sources must hold could not be told: {}", notNow.getMessage(), notNow);
        }
    }

    private boolean isDue(Optional<Reconciliation> newest, Instant now) {
        return newest.map(each -> !now.isBefore(each.began().plus(properties.every())))
                .orElse(true);
    }

    /// However often they are looked at, they stay so. One that was changed is compared with the
    /// others, a day later at most.
    private static Set<String> unreadable(Optional<Reconciliation> newest) {
        return newest.stream()
                .flatMap(each -> each.comparison().with(Verdict.UNREADABLE).stream())
                .map(Comparison.Table::name)
                .collect(Collectors.toSet());
    }

    private void compare(String source, Instant began) throws Comparer.NotNow {
        var rows = new AtomicLong();
        var comparison = comparer.compare(source, more -> {
            if (rows.addAndGet(more) % 1_000_000 < more) {
                log.info("{} rows of {} compared with the log so far", rows, source);
            }
        });
        var made = new Reconciliation(Ids.next(), began, clock.instant(), comparison);
        transactions.run(Scope.platform(), Actor.system("audit/reconciler"), () -> {
            store.add(made);
            for (var verdict : List.of(Verdict.DIFFERENT, Verdict.UNREADABLE)) {
                comparison.with(verdict).forEach(table -> tell(made, table));
            }
            evidence(made.ended()).ifPresent(evidence -> outbox.add(Topic.AUDIT_EVIDENCE, CLAIM, null, evidence));
        });
        if (!comparison.holds()) {
            log.error("{} does not agree with the log of its changes: {}", source, names(comparison));
        }
    }

    /// As long as nothing else differs it is the same finding, however often it is found.
    private void tell(Reconciliation made, Comparison.Table table) {
        var facts = new TreeMap<>(Map.of(
                "database", made.source(),
                "table", table.name(),
                "reason", word(table.verdict()),
                "rowsByTheLog", Long.toString(table.logged()),
                "rowsInTheTable", Long.toString(table.live()),
                "position", Long.toString(made.comparison().position())));
        if (table.rows() != null) {
            table.rows().rows().stream()
                    .collect(Collectors.groupingBy(
                            RowDifference::kind, Collectors.mapping(RowDifference::key, Collectors.joining(" "))))
                    .forEach((kind, keys) -> facts.put(word(kind), keys));
            if (table.rows().more() > 0) {
                facts.put("more", Long.toString(table.rows().more()));
            }
        }
        outbox.add(
                Topic.AUDIT_FINDINGS,
                "platform",
                null,
                new Finding(
                        "database-difference-" + table.difference(),
                        "database-difference",
                        Finding.Severity.HIGH,
                        null,
                        made.ended(),
                        null,
                        made.source() + "/" + table.name(),
                        Map.copyOf(facts)));
    }

    /// How all sources stand now; empty while one of them was not compared for so long that nobody knows.
    private Optional<Evidence> evidence(Instant now) {
        var newest = new ArrayList<Reconciliation>();
        for (var source : capture.sources()) {
            store.newest(source)
                    .filter(each ->
                            !each.ended().isBefore(now.minus(properties.every().plus(LATE))))
                    .ifPresent(newest::add);
        }
        var different = newest.stream()
                .filter(each -> !each.comparison().holds())
                .map(each -> names(each.comparison()))
                .collect(Collectors.joining(" "));
        if (different.isEmpty() && newest.size() < capture.sources().size()) {
            return Optional.empty();
        }
        var facts = new HashMap<String, String>();
        facts.put("sources", newest.stream().map(Reconciliation::source).collect(Collectors.joining(" ")));
        facts.put("tables", sum(newest, each -> each.tables().size()));
        facts.put("rows", sum(newest, Comparison::rows));
        if (!different.isEmpty()) {
            facts.put("different", different);
        }
        return Optional.of(new Evidence(Ids.nextText(), CLAIM, different.isEmpty(), now, Map.copyOf(facts)));
    }

    private static String sum(List<Reconciliation> all, ToLongFunction<Comparison> of) {
        return Long.toString(
                all.stream().map(Reconciliation::comparison).mapToLong(of).sum());
    }

    /// The tables that differ or cannot be compared.
    private static String names(Comparison comparison) {
        return comparison.tables().stream()
                .filter(table -> table.difference() != null)
                .map(table -> comparison.database() + "/" + table.name())
                .collect(Collectors.joining(" "));
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
