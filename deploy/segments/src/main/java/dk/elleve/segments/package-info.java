/// Who may talk to whom: one declaration, what is rendered from it, and the proof that the network
/// obeys it.
@NullMarked
package dk.elleve.segments;

import org.jspecify.annotations.NullMarked;
