/// The request id that follows a call through logs, changes and events.
@NullMarked
package dk.elleve.kit.request;

import org.jspecify.annotations.NullMarked;
