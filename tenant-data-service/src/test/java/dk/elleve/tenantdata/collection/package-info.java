/// Which schemas can be used, and what follows from them.
@NullMarked
package dk.elleve.tenantdata.collection;

import org.jspecify.annotations.NullMarked;
