/// The clocks of the law, and how its periods are counted.
@NullMarked
package dk.elleve.breach.obligation;

import org.jspecify.annotations.NullMarked;
