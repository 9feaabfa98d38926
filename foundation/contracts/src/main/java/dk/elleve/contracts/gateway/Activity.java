package dk.elleve.contracts.gateway;

import dk.elleve.contracts.Event;
import java.time.Instant;

/// Requests of five minutes, on `gateway.activity.v1`, keyed by tenant (or `platform`): where the quiet hours are.
///
/// @param tenant the tenant's id, or `platform`
/// @param from start of the five minutes
public record Activity(String tenant, Instant from, long requests, long writes, long failures) implements Event {}
