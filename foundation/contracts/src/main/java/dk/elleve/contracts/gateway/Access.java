package dk.elleve.contracts.gateway;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Event;
import dk.elleve.contracts.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One request worth keeping, on `gateway.accesses.v1`, keyed by tenant (or `platform`): every denial,
/// everything staff do, everything done under a grant, and every look into the audit log.
///
/// @param id the request id, which also stands in the attribution of every change it made
/// @param tenant the caller's tenant, absent for staff and strangers
/// @param method HTTP method
/// @param path the path with identifiers but without its query, which may hold personal data
/// @param status HTTP status of the answer
/// @param reason why it is kept: `denied`, `staff`, `grant`, or `audit` for a look into the audit log
/// @param bytes length of the answer's body, -1 if unknown
public record Access(
        String id,
        @Nullable TenantId tenant,
        Actor actor,
        String method,
        String path,
        int status,
        String reason,
        long bytes,
        long millis,
        Instant at)
        implements Event {}
