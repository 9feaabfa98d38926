package dk.elleve.audit.change;

import dk.elleve.audit.log.Content;
import dk.elleve.audit.log.EntryKind;
import dk.elleve.audit.log.EventIds;
import dk.elleve.audit.log.Journal;
import dk.elleve.audit.log.Mark;
import dk.elleve.audit.log.NewEntry;
import dk.elleve.contracts.Actor;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Writes into the register and into the log, in the caller's transaction: what stands in one stands in the other.
@Component
class Register {

    private final ChangeStore store;
    private final Journal journal;

    Register(ChangeStore store, Journal journal) {
        this.store = store;
        this.journal = journal;
    }

    void begin(Change change) {
        store.add(change);
        var said = new LinkedHashMap<String, @Nullable Object>();
        said.put("from", change.from());
        said.put("to", change.to());
        said.put("begun", change.begun().toString());
        if (change.plannedFrom() != null) {
            said.put("plannedFrom", change.plannedFrom().toString());
            said.put("plannedTo", String.valueOf(change.plannedTo()));
        }
        said.put("backup", change.backup());
        write("begun", change, change.begun(), change.by(), said);
    }

    /// @return false if an end is on record already
    boolean end(Change change, Change.End end, Actor actor) {
        if (!store.end(change.id(), end)) {
            return false;
        }
        var said = new LinkedHashMap<String, @Nullable Object>();
        said.put("outcome", end.outcome().word());
        said.put("ended", end.at().toString());
        said.put("reason", end.reason());
        write("ended", change, end.at(), actor, said);
        return true;
    }

    private void write(String step, Change change, Instant at, Actor actor, Map<String, @Nullable Object> said) {
        journal.add(new NewEntry(
                EventIds.of("audit/change", step, change.id().toString()),
                EntryKind.CHANGE,
                actor.kind() == Actor.Kind.STAFF ? Set.of(Mark.STAFF) : Set.of(),
                null,
                at,
                new Content(
                        actor,
                        resource(change.what(), change.id()),
                        null,
                        said,
                        Map.of("register", change.id().toString()))));
    }

    private static String resource(String what, UUID id) {
        return "change/" + what + "/" + id;
    }
}
