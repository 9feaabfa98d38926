/// Tests of what measurements are computed from.
@NullMarked
package dk.elleve.bench;

import org.jspecify.annotations.NullMarked;
