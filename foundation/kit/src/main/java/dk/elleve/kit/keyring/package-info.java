/// Tenant keys: small wrapped objects outside everything that is backed up.
@NullMarked
package dk.elleve.kit.keyring;

import org.jspecify.annotations.NullMarked;
