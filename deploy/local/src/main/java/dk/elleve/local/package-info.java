/// The whole platform on one machine without Docker: `./elleve`.
@NullMarked
package dk.elleve.local;

import org.jspecify.annotations.NullMarked;
