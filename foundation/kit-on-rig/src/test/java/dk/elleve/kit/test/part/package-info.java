/// Keycloak is started for real.
@NullMarked
package dk.elleve.kit.test.part;

import org.jspecify.annotations.NullMarked;
