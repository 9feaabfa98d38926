/// Transactions bound to one tenant, which PostgreSQL checks by row-level security.
@NullMarked
package dk.elleve.kit.tenancy;

import org.jspecify.annotations.NullMarked;
