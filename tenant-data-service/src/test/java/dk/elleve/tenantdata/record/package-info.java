/// Decisions about records without a database.
@NullMarked
package dk.elleve.tenantdata.record;

import org.jspecify.annotations.NullMarked;
