@NullMarked
package dk.elleve.gateway.access;

import org.jspecify.annotations.NullMarked;
