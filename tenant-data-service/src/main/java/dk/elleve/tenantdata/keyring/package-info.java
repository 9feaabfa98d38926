/// Sealing, opening and blind-indexing fields under the tenant's key.
@NullMarked
package dk.elleve.tenantdata.keyring;

import org.jspecify.annotations.NullMarked;
