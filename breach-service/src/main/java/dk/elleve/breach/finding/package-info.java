/// Findings of all services come in here.
@NullMarked
package dk.elleve.breach.finding;

import org.jspecify.annotations.NullMarked;
