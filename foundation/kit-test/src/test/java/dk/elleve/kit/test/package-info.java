/// The rig tries itself.
@NullMarked
package dk.elleve.kit.test;

import org.jspecify.annotations.NullMarked;
