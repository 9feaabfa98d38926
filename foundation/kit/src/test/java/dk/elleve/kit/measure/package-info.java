@NullMarked
package dk.elleve.kit.measure;

import org.jspecify.annotations.NullMarked;
