/// Signed tree heads: what was promised to the world, and the refusal to promise anything else.
@NullMarked
package dk.elleve.audit.checkpoint;

import org.jspecify.annotations.NullMarked;
