/// Row changes out of the write-ahead log of each source database, whole transactions with their author.
@NullMarked
package dk.elleve.audit.capture;

import org.jspecify.annotations.NullMarked;
