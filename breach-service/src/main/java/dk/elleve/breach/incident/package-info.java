/// A case from its opening to its closing, and everything that happened in it.
@NullMarked
package dk.elleve.breach.incident;

import org.jspecify.annotations.NullMarked;
