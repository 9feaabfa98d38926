/// Tests of the package guard.
@NullMarked
package dk.elleve.kit.guard;

import org.jspecify.annotations.NullMarked;
