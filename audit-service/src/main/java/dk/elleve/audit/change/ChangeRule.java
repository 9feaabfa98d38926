package dk.elleve.audit.change;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/// What is promised of changes, and whether the register bears it out.
///
/// @param backupAge how old the backup before a change may be
/// @param looksBack changes that began so long ago still count
record ChangeRule(QuietHours quiet, Duration backupAge, Duration looksBack) {

    /// @param facts counts, for whoever reads the answer
    record Verdict(boolean holds, Map<String, String> facts) {}

    /// @param changes the newest first; those of long ago are passed over, but for the newest of all
    /// @param completed when a backup was complete, by its id; empty where the log knows of none
    /// @return empty while the register is: nothing has been shown then
    Optional<Verdict> judge(List<Change> changes, Function<String, Optional<Instant>> completed, Instant now) {
        if (changes.isEmpty()) {
            return Optional.empty();
        }
        var counted = changes.stream()
                .filter(change -> change.begun().isAfter(now.minus(looksBack)))
                .toList();
        if (counted.isEmpty()) {
            counted = List.of(changes.getFirst());
        }
        long outside =
                counted.stream().filter(change -> !inQuietHours(change, now)).count();
        long unprotected = counted.stream()
                .filter(change -> !afterBackup(change, completed))
                .count();
        var facts = new TreeMap<String, String>();
        facts.put("changes", Integer.toString(counted.size()));
        facts.put("since", counted.getLast().begun().toString());
        facts.put("outsideQuietHours", Long.toString(outside));
        facts.put("withoutBackupBefore", Long.toString(unprotected));
        facts.put("rolledBack", Long.toString(count(counted, Change.Outcome.ROLLED_BACK)));
        facts.put("failed", Long.toString(count(counted, Change.Outcome.FAILED)));
        facts.put("quietHours", quiet.toString());
        return Optional.of(new Verdict(outside == 0 && unprotected == 0, facts));
    }

    /// What is still under way has lasted until now: one that was forgotten runs out of its hours by itself.
    private boolean inQuietHours(Change change, Instant now) {
        return quiet.hold(
                change.begun(), change.end() == null ? now : change.end().at());
    }

    private boolean afterBackup(Change change, Function<String, Optional<Instant>> completed) {
        var backup = change.backup();
        return backup != null
                && completed
                        .apply(backup)
                        .filter(at -> !at.isAfter(change.begun())
                                && !at.isBefore(change.begun().minus(backupAge)))
                        .isPresent();
    }

    private static long count(List<Change> changes, Change.Outcome outcome) {
        return changes.stream()
                .filter(change -> change.end() != null && change.end().outcome() == outcome)
                .count();
    }
}
