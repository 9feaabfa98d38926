package dk.elleve.tenantdata.record;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Topic;
import dk.elleve.contracts.tenantdata.Read;
import dk.elleve.kit.problem.Problem;
import dk.elleve.kit.request.RequestId;
import dk.elleve.kit.spool.Spool;
import dk.elleve.kit.spool.Spool.SpoolFull;
import dk.elleve.kit.time.Ids;
import dk.elleve.tenantdata.collection.Definition;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// Says who looked at whose personal data, before they see it.
@Component
class Reads {

    private final Spool spool;
    private final Clock clock;

    Reads(Spool spool, Clock clock) {
        this.spool = spool;
        this.clock = clock;
    }

    /// Durable on return: only then may the fields be shown.
    ///
    /// @throws Problem `reads-cannot-be-recorded`: then nothing may be shown
    void say(Actor actor, Definition definition, Collection<UUID> records, Collection<String> fields) {
        if (records.isEmpty() || fields.isEmpty()) {
            return;
        }
        var place = definition.place();
        var read = new Read(
                Ids.nextText(),
                place.tenant(),
                actor,
                place.area(),
                place.collection(),
                records.stream().map(UUID::toString).toList(),
                List.copyOf(fields),
                definition.purpose(),
                clock.instant(),
                RequestId.current());
        try {
            spool.append(Topic.TENANTDATA_READS, place.tenant().value(), place.tenant(), read);
        } catch (SpoolFull full) {
            throw new Problem(
                    RecordProblem.READS_CANNOT_BE_RECORDED,
                    "Too many of them wait to be sent. Personal data is not shown unrecorded; retry in a moment.",
                    List.of(),
                    Map.of("Retry-After", "10"));
        }
    }
}
