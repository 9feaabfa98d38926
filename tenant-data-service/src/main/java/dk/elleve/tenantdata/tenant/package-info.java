/// This service's own copy of who the tenants are, fed by identity's events.
@NullMarked
package dk.elleve.tenantdata.tenant;

import org.jspecify.annotations.NullMarked;
