/// Checkpoints under crashes, and the refusal to sign.
@NullMarked
package dk.elleve.audit.checkpoint;

import org.jspecify.annotations.NullMarked;
