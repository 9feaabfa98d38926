/// Stories of tenant-data-service against the real parts.
@NullMarked
package dk.elleve.tenantdata;

import org.jspecify.annotations.NullMarked;
