/// The only door: every request from outside comes in here.
@NullMarked
package dk.elleve.gateway;

import org.jspecify.annotations.NullMarked;
