/// Tests of the breach service.
@NullMarked
package dk.elleve.breach;

import org.jspecify.annotations.NullMarked;
