/// Tenants and the people in them; the only service that speaks Keycloak's admin language.
@NullMarked
package dk.elleve.identity;

import org.jspecify.annotations.NullMarked;
