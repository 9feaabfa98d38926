/// The kit against the real parts.
@NullMarked
package dk.elleve.kit;

import org.jspecify.annotations.NullMarked;
