/// The clock and the ids.
@NullMarked
package dk.elleve.kit.time;

import org.jspecify.annotations.NullMarked;
