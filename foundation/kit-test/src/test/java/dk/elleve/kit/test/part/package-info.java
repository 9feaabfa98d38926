/// Each part is started for real, killed and started again.
@NullMarked
package dk.elleve.kit.test.part;

import org.jspecify.annotations.NullMarked;
