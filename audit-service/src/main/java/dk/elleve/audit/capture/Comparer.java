package dk.elleve.audit.capture;

import dk.elleve.audit.capture.Comparison.Live;
import dk.elleve.audit.capture.Comparison.Rows;
import dk.elleve.audit.capture.Comparison.Verdict;
import dk.elleve.audit.capture.FingerprintStore.Kept;
import dk.elleve.contracts.Actor;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongConsumer;
import org.springframework.stereotype.Component;

/// Compares a source's tables with what they should be by the changes taken over. The only thing that
/// sees what went past the WAL: files edited by hand, triggers and publications switched off, a slot
/// moved and moved back.
@Component
public class Comparer {

    /// The comparison could not be made, through no difference found; try again later.
    public static final class NotNow extends Exception {
        NotNow(String why) {
            super(why);
        }

        NotNow(String why, Throwable cause) {
            super(why, cause);
        }
    }

    private static final Actor ACTOR = Actor.system("audit/comparer");

    /// How long transactions of the source may be open before there is a position to compare at.
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /// A position that was taken over already cannot be cut at: another is asked for.
    private static final int TRIES = 20;

    private record Begun(SourceId source, UUID id, SourceSnapshot snapshot) {}

    /// @param atCut how the tables should be
    private record Judged(Comparison comparison, Map<String, Comparison.Logged> atCut) {}

    private final CaptureProperties properties;
    private final WatermarkStore watermarks;
    private final FingerprintStore store;
    private final FingerprintKeys keys;
    private final Cuts cuts;
    private final RowNames rows;
    private final Transactions transactions;

    Comparer(
            CaptureProperties properties,
            WatermarkStore watermarks,
            FingerprintStore store,
            FingerprintKeys keys,
            Cuts cuts,
            RowNames rows,
            Transactions transactions) {
        this.properties = properties;
        this.watermarks = watermarks;
        this.store = store;
        this.keys = keys;
        this.cuts = cuts;
        this.rows = rows;
        this.transactions = transactions;
    }

    /// Whether a table of the source has nothing to be compared with yet.
    ///
    /// @param unreadable tables for which another comparison changes nothing
    public boolean isUnknown(String database, Set<String> unreadable) throws NotNow {
        var source = identify(new SourceDatabase(properties.capture(), database));
        var known = transactions.read(Scope.platform(), () -> store.all(source));
        return !known.compared()
                || known.tables().entrySet().stream()
                        .anyMatch(table -> !table.getValue().isKnown() && !unreadable.contains(table.getKey()));
    }

    /// Compares all tables of a source as they are now. Takes as long as reading them; changes go on
    /// meanwhile.
    ///
    /// @param progress is told, now and then, how many rows were read since it was last told
    public Comparison compare(String database, LongConsumer progress) throws NotNow {
        var begun = begin(new SourceDatabase(properties.capture(), database));
        try {
            try (var snapshot = begun.snapshot()) {
                var live = snapshot.read(keys.ofRows().rowHash(database), progress);
                cuts.await(List.of(begun.source()), begun.id());
                return withRows(snapshot, live, end(begun, live));
            } catch (SQLException away) {
                throw new NotNow("The tables of " + database + " could not be read", away);
            }
        } finally {
            cuts.done(List.of(begun.source()), begun.id());
        }
    }

    /// Takes a table as it is for what it should be, from the next comparison on. Belongs into a
    /// transaction of the caller.
    public void accept(String database, String table) {
        store.forgetBeginning(database, table);
    }

    private Begun begin(SourceDatabase database) throws NotNow {
        var source = identify(database);
        var id = UUID.randomUUID();
        for (int tried = 0; tried < TRIES; tried++) {
            var snapshot = snapshot(database);
            var answer = Cuts.Answer.BUSY;
            try {
                answer = cuts.ask(List.of(source), id, snapshot.position());
            } finally {
                if (answer != Cuts.Answer.ASKED) {
                    close(snapshot);
                }
            }
            if (answer == Cuts.Answer.ASKED) {
                return new Begun(source, id, snapshot);
            }
            if (answer == Cuts.Answer.BUSY) {
                throw new NotNow(database.name() + " is being compared already");
            }
        }
        throw new NotNow("The changes of " + database.name() + " are taken over faster than a position can be chosen");
    }

    /// Names the rows of tables that differ.
    private Comparison withRows(SourceSnapshot snapshot, Map<String, Live> live, Judged judged) {
        var comparison = judged.comparison();
        var hash = keys.ofRows().rowHash(comparison.database());
        var until = rows.deadline();
        var tables = new ArrayList<Comparison.Table>();
        for (var table : comparison.tables()) {
            if (table.verdict() == Verdict.DIFFERENT && live.get(table.name()) instanceof Rows(var is)) {
                var cut = judged.atCut().get(table.name());
                var difference = cut == null ? is : is.minus(cut.at());
                tables.add(rows.find(snapshot, hash, comparison.database(), table.name(), difference, is.rows(), until)
                        .map(table::with)
                        .orElse(table));
            } else {
                tables.add(table);
            }
        }
        return new Comparison(comparison.database(), comparison.position(), List.copyOf(tables));
    }

    /// Judges, and lets what had no beginning begin with what is there.
    private Judged end(Begun begun, Map<String, Live> live) throws NotNow {
        var source = begun.source();
        long position = begun.snapshot().position();
        return transactions
                .write(Scope.platform(), ACTOR, () -> {
                    watermarks.find(source); // nothing is taken over meanwhile
                    if (!store.isCut(source, begun.id()).orElse(false)) {
                        return Optional.<Judged>empty();
                    }
                    var now = store.all(source);
                    var atCut = store.atCut(source);
                    var comparison = Comparison.of(source.database(), position, now.compared(), atCut, live);
                    var begin = new HashMap<String, Kept>();
                    for (var table : comparison.with(Verdict.BEGUN)) {
                        var kept = now.of(table.name());
                        // Emptied or restructured since: what was read says nothing about what is there now.
                        if (kept.unknownSince() == null
                                || kept.unknownSince() >= position
                                || !(live.get(table.name()) instanceof Rows(var is))) {
                            continue;
                        }
                        var cut = atCut.get(table.name());
                        var since = cut == null ? kept.now() : kept.now().minus(cut.at());
                        begin.put(table.name(), new Kept(is.plus(since), null));
                    }
                    store.save(source, begin);
                    atCut.forEach((table, logged) -> {
                        if (!live.containsKey(table) && !logged.known()) {
                            store.remove(source, table);
                        }
                    });
                    if (!now.compared()) {
                        store.compared(source);
                    }
                    return Optional.of(new Judged(comparison, atCut));
                })
                .orElseThrow(() -> Cuts.missing(source));
    }

    static SourceId identify(SourceDatabase database) throws NotNow {
        try {
            return database.identify();
        } catch (SQLException away) {
            throw new NotNow(database.name() + " cannot be reached", away);
        }
    }

    private static SourceSnapshot snapshot(SourceDatabase database) throws NotNow {
        try {
            return SourceSnapshot.open(database, PATIENCE);
        } catch (SQLException away) {
            throw new NotNow("There is no position to compare " + database.name() + " at", away);
        }
    }

    private static void close(SourceSnapshot snapshot) throws NotNow {
        try {
            snapshot.close();
        } catch (SQLException away) {
            throw new NotNow("A snapshot could not be closed", away);
        }
    }
}
