/// Signed keyset cursors and the shape of a list.
@NullMarked
package dk.elleve.kit.cursor;

import org.jspecify.annotations.NullMarked;
