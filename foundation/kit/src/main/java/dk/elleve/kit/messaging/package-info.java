/// How events look on Kafka, and what happens to one that cannot be handled.
@NullMarked
package dk.elleve.kit.messaging;

import org.jspecify.annotations.NullMarked;
