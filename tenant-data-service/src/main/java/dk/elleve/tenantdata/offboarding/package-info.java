/// What happens to a tenant's data when the tenant is closed.
@NullMarked
package dk.elleve.tenantdata.offboarding;

import org.jspecify.annotations.NullMarked;
