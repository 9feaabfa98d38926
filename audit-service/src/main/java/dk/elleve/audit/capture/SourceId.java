package dk.elleve.audit.capture;

/// A database as a place where positions mean something: after a restore the timeline is another, and positions go
/// back.
record SourceId(String system, int timeline, String database) {}
