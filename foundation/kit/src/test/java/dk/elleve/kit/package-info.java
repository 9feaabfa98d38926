/// What the kit says to the others, without them.
@NullMarked
package dk.elleve.kit;

import org.jspecify.annotations.NullMarked;
