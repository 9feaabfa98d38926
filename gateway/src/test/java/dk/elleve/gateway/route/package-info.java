/// Tests of the package route.
@NullMarked
package dk.elleve.gateway.route;

import org.jspecify.annotations.NullMarked;
