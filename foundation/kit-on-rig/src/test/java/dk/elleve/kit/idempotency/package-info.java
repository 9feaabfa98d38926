/// Tests of the package idempotency.
@NullMarked
package dk.elleve.kit.idempotency;

import org.jspecify.annotations.NullMarked;
