/// Tests of the obligation.
@NullMarked
package dk.elleve.breach.obligation;

import org.jspecify.annotations.NullMarked;
