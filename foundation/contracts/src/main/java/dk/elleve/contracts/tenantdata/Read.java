package dk.elleve.contracts.tenantdata;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Event;
import dk.elleve.contracts.TenantId;
import java.time.Instant;
import java.util.List;

/// Who looked at which person's data, on `tenantdata.reads.v1`, keyed by tenant.
///
/// @param id unique for each read
/// @param records ids of the records whose personal fields were shown
/// @param fields names of the personal fields that were shown
/// @param purpose the purpose of the processing area they were read under
public record Read(
        String id,
        TenantId tenant,
        Actor actor,
        String area,
        String collection,
        List<String> records,
        List<String> fields,
        String purpose,
        Instant at,
        String requestId)
        implements Event {

    public Read {
        records = List.copyOf(records);
        fields = List.copyOf(fields);
    }
}
