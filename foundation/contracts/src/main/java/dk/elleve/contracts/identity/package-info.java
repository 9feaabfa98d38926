/// What identity-service says: tenants, grants, sign-ins.
@NullMarked
package dk.elleve.contracts.identity;

import org.jspecify.annotations.NullMarked;
