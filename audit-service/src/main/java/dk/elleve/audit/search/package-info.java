/// Entries found and opened for those who may read them.
@NullMarked
package dk.elleve.audit.search;

import org.jspecify.annotations.NullMarked;
