package dk.elleve.backup.cluster;

import java.time.Instant;

/// A PostgreSQL cluster that a process takes care of, or once did.
///
/// @param id its system identifier
/// @param name what people call it
/// @param drills whether restore drills are set up for it
/// @param seenAt when its process last said that it lives
public record Cluster(String id, String name, boolean drills, Instant seenAt) {}
