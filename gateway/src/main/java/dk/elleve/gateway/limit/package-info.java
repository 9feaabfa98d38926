/// How much a tenant may ask for, and how large a body may be.
@NullMarked
package dk.elleve.gateway.limit;

import org.jspecify.annotations.NullMarked;
