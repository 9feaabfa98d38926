/// Proves every hour that personal fields lie encrypted in the database.
@NullMarked
package dk.elleve.tenantdata.probe;

import org.jspecify.annotations.NullMarked;
