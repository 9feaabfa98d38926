/// A tenant's life: opening, open, closing, closed; told to everybody on identity.tenants.v1.
@NullMarked
package dk.elleve.identity.tenant;

import org.jspecify.annotations.NullMarked;
