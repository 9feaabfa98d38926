/// Tests of the cursor.
@NullMarked
package dk.elleve.kit.cursor;

import org.jspecify.annotations.NullMarked;
