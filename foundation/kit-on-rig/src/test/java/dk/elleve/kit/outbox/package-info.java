/// Tests of the outbox.
@NullMarked
package dk.elleve.kit.outbox;

import org.jspecify.annotations.NullMarked;
