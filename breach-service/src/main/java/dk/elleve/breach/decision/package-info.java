/// The data protection officer decides.
@NullMarked
package dk.elleve.breach.decision;

import org.jspecify.annotations.NullMarked;
