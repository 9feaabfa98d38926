/// The service against real sources, and its architecture.
@NullMarked
package dk.elleve.audit;

import org.jspecify.annotations.NullMarked;
