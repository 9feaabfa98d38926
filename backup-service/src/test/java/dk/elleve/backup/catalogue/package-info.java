/// Tests of what the package of the same name promises.
@NullMarked
package dk.elleve.backup.catalogue;

import org.jspecify.annotations.NullMarked;
