@NullMarked
package dk.elleve.gateway.session;

import org.jspecify.annotations.NullMarked;
