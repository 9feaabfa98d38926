package dk.elleve.audit.capture;

import org.jspecify.annotations.Nullable;

/// A role of the sources' cluster that may log in, or that has a session.
///
/// @param name absent where the role was dropped under its session
/// @param secondsLeft until its end; below 0 it has ended, absent where it has none
/// @param sessions that it has now
record DatabaseRole(
        @Nullable String name, boolean mayLogIn, @Nullable Double secondsLeft, long sessions) {}
