package dk.elleve.audit.capture;

import dk.elleve.audit.capture.Comparer.NotNow;
import dk.elleve.contracts.audit.TallyEvent.Table;
import dk.elleve.contracts.audit.TallyEvent.TablesTallied;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.postgresql.replication.LogSequenceNumber;
import org.springframework.stereotype.Component;

/// What the tables of several databases of one cluster must hold at one position of its WAL, by the
/// changes taken over. Nothing is read from the tables: a copy of the cluster at that position can be
/// held to it, however old it is.
@Component
public class Tallies {

    private static final int TRIES = 20;

    private final CaptureProperties properties;
    private final FingerprintStore store;
    private final FingerprintKeys keys;
    private final Cuts cuts;
    private final Clock clock;

    Tallies(CaptureProperties properties, FingerprintStore store, FingerprintKeys keys, Cuts cuts, Clock clock) {
        this.properties = properties;
        this.store = store;
        this.keys = keys;
        this.cuts = cuts;
        this.clock = clock;
    }

    /// A cut through several sources that is kept until it is closed.
    public final class Cut implements AutoCloseable {

        private final List<SourceId> sources;
        private final UUID id;
        private final String position;

        private Cut(List<SourceId> sources, UUID id, String position) {
            this.sources = sources;
            this.id = id;
            this.position = position;
        }

        /// One for each source. Belongs into a transaction of the caller.
        public List<TablesTallied> tallies() {
            return sources.stream().map(this::tally).toList();
        }

        private TablesTallied tally(SourceId source) {
            var key = keys.ofRows();
            var tables = new ArrayList<Table>();
            store.atCut(source)
                    .forEach((table, logged) -> tables.add(new Table(
                            table,
                            logged.at().rows(),
                            logged.known()
                                    ? key.commitment(
                                            source.system(),
                                            source.timeline(),
                                            source.database(),
                                            position,
                                            table,
                                            logged.at())
                                    : null)));
            tables.sort(Comparator.comparing(Table::name));
            return new TablesTallied(
                    source.system(),
                    source.timeline(),
                    source.database(),
                    position,
                    clock.instant(),
                    key.id(),
                    store.some(source, List.of()).compared(),
                    tables);
        }

        @Override
        public void close() {
            cuts.done(sources, id);
        }
    }

    /// Cuts these sources at a position of now. Takes until their streams have come to it, seconds mostly.
    ///
    /// @throws NotNow if they are no databases of one cluster and timeline, one is being compared, or a
    /// stream does not come to the position
    public Cut cut(Collection<String> databases) throws NotNow {
        var sources = new ArrayList<SourceId>();
        for (var database : databases.stream().sorted().toList()) {
            sources.add(Comparer.identify(source(database)));
        }
        if (sources.stream()
                        .map(each -> each.system() + "/" + each.timeline())
                        .distinct()
                        .count()
                != 1) {
            throw new NotNow("They have no position in common: " + sources);
        }
        var id = UUID.randomUUID();
        for (int tried = 0; tried < TRIES; tried++) {
            var position = position(sources.getFirst().database());
            var answer =
                    cuts.ask(sources, id, LogSequenceNumber.valueOf(position).asLong());
            if (answer == Cuts.Answer.ASKED) {
                return awaited(new Cut(List.copyOf(sources), id, position));
            }
            if (answer == Cuts.Answer.BUSY) {
                throw new NotNow("One of " + databases + " is being compared");
            }
        }
        throw new NotNow("The changes of " + databases + " are taken over faster than a position can be chosen");
    }

    private Cut awaited(Cut cut) throws NotNow {
        boolean made = false;
        try {
            cuts.await(cut.sources, cut.id);
            made = true;
            return cut;
        } finally {
            if (!made) {
                cut.close();
            }
        }
    }

    private String position(String database) throws NotNow {
        try {
            return source(database).position();
        } catch (SQLException away) {
            throw new NotNow(database + " cannot be reached", away);
        }
    }

    private SourceDatabase source(String database) {
        return new SourceDatabase(properties.capture(), database);
    }
}
