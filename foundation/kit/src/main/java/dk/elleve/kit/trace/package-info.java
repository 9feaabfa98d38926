/// The trace that follows a call through services, events and log entries (W3C Trace Context).
@NullMarked
package dk.elleve.kit.trace;

import org.jspecify.annotations.NullMarked;
