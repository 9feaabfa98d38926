/// The platform in containers, as a person with Docker starts it.
@NullMarked
package dk.elleve.compose;

import org.jspecify.annotations.NullMarked;
