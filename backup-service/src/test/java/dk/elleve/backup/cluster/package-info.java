/// Tests of what the package of the same name promises.
@NullMarked
package dk.elleve.backup.cluster;

import org.jspecify.annotations.NullMarked;
