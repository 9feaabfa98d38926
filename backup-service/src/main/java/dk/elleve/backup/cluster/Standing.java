package dk.elleve.backup.cluster;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where one cluster stands with a claim. The claims are about all clusters: what is said of them is
/// decided here.
///
/// @param cluster its system identifier
/// @param name what people call it
/// @param newest its newest measurement; absent when there never was one
record Standing(String cluster, String name, @Nullable Measurement newest) {

    /// A claim holds when it holds for every cluster, as of the oldest of their measurements: when the
    /// process of one dies, the answer grows old by itself. A claim that does not hold is said as of
    /// the newest measurement against it, since whoever hears of it passes over what is older than what
    /// was heard before.
    ///
    /// @param measured the cluster that has just measured the claim, whose facts are told
    /// @return empty while it fails nowhere and any cluster has never measured it
    static Optional<Measurement> together(String measured, List<Standing> all) {
        var failing = all.stream()
                .filter(Standing::fails)
                .sorted(Comparator.comparing(Standing::name).thenComparing(Standing::cluster))
                .toList();
        if (failing.isEmpty() && all.stream().anyMatch(each -> each.newest == null)) {
            return Optional.empty();
        }
        var telling = all.stream()
                .filter(each -> each.newest != null && each.cluster.equals(measured))
                .findFirst();
        if (telling.isEmpty() || all.size() == 1) {
            return telling.map(Standing::measurement);
        }
        var facts = new TreeMap<>(telling.get().measurement().facts());
        facts.put("cluster", telling.get().name());
        facts.put("clusters", Integer.toString(all.size()));
        if (!failing.isEmpty()) {
            facts.put("failing", failing.stream().map(Standing::reason).collect(Collectors.joining("; ")));
        }
        var at = failing.isEmpty()
                ? times(all).min(Comparator.naturalOrder())
                : times(failing).max(Comparator.naturalOrder());
        return Optional.of(new Measurement(failing.isEmpty(), at.orElseThrow(), facts));
    }

    private static Stream<Instant> times(List<Standing> some) {
        return some.stream().map(each -> each.measurement().at());
    }

    private boolean fails() {
        return newest != null && !newest.holds();
    }

    private Measurement measurement() {
        return Objects.requireNonNull(newest);
    }

    private String reason() {
        var facts = new TreeMap<>(measurement().facts());
        var reason = facts.get("reason");
        return name + ": "
                + (reason != null
                        ? reason
                        : facts.entrySet().stream()
                                .map(fact -> fact.getKey() + " " + fact.getValue())
                                .collect(Collectors.joining(", ")));
    }
}
