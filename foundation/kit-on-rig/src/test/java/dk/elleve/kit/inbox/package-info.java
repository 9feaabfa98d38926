/// Tests of the package inbox.
@NullMarked
package dk.elleve.kit.inbox;

import org.jspecify.annotations.NullMarked;
