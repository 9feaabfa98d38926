/// The only package that speaks Keycloak's admin language.
@NullMarked
package dk.elleve.identity.keycloak;

import org.jspecify.annotations.NullMarked;
