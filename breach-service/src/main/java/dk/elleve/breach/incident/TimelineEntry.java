package dk.elleve.breach.incident;

import dk.elleve.contracts.Actor;
import java.time.Instant;
import java.util.Map;

/// One thing that happened in a case.
///
/// @param kind `opened`, `finding`, `facts`, `assessed`, `decided`, `notice`, `notified`, `receipt` or `closed`
/// @param detail what it was, without names
record TimelineEntry(
        String id, Instant at, String kind, Actor.Kind actorKind, String actorId, Map<String, String> detail) {}
