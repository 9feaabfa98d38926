/// POST requests that are repeated are carried out once.
@NullMarked
package dk.elleve.kit.idempotency;

import org.jspecify.annotations.NullMarked;
