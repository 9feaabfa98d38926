package dk.elleve.breach.incident;

import java.time.Instant;

/// What the data protection officer decided, and why.
///
/// @param decidedBy the officer's subject
public record Decision(
        boolean notifyAuthority, boolean notifySubjects, String reason, Instant decidedAt, String decidedBy) {}
