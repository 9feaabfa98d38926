package dk.elleve.contracts;

/// The body of a CloudEvent. Each owner's events are one sealed interface, so that a switch over them forgets none.
/// Which type name stands on the wire for which record is told by [EventType].
public interface Event {}
