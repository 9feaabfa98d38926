/// The people of a tenant. Their names and addresses live in Keycloak only.
@NullMarked
package dk.elleve.identity.member;

import org.jspecify.annotations.NullMarked;
