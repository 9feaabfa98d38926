/// Tests of the spool.
@NullMarked
package dk.elleve.kit.spool;

import org.jspecify.annotations.NullMarked;
