/// The log itself: entries sealed and waiting, one sequencer, leaves and tiles.
@NullMarked
package dk.elleve.audit.log;

import org.jspecify.annotations.NullMarked;
