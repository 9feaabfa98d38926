/// Sealed values and blind indexes without Spring.
@NullMarked
package dk.elleve.tenantdata.keyring;

import org.jspecify.annotations.NullMarked;
