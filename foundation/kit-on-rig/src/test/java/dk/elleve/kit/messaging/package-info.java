/// Tests of the package messaging.
@NullMarked
package dk.elleve.kit.messaging;

import org.jspecify.annotations.NullMarked;
