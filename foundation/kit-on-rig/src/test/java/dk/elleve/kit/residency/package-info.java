/// Tests of the residency.
@NullMarked
package dk.elleve.kit.residency;

import org.jspecify.annotations.NullMarked;
