/// News stored in the same transaction as the change it tells of, and sent after it.
@NullMarked
package dk.elleve.kit.outbox;

import org.jspecify.annotations.NullMarked;
