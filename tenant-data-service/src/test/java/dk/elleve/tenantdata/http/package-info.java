/// Preconditions and strict bodies.
@NullMarked
package dk.elleve.tenantdata.http;

import org.jspecify.annotations.NullMarked;
