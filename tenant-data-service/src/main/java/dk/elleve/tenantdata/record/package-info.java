/// Records: written, read, searched, imported and exported; every look at personal fields is said.
@NullMarked
package dk.elleve.tenantdata.record;

import org.jspecify.annotations.NullMarked;
