/// Which path belongs to which service.
@NullMarked
package dk.elleve.gateway.route;

import org.jspecify.annotations.NullMarked;
