/// Events that come twice are handled once.
@NullMarked
package dk.elleve.kit.inbox;

import org.jspecify.annotations.NullMarked;
