/// Tests of identity-service against the real parts.
@NullMarked
package dk.elleve.identity;

import org.jspecify.annotations.NullMarked;
