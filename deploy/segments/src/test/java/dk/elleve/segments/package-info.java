@NullMarked
package dk.elleve.segments;

import org.jspecify.annotations.NullMarked;
