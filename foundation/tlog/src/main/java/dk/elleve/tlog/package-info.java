/// The mathematics of a transparency log: hashes, proofs, tiles, signed checkpoints, the audit leaf, and the
/// offline verifier that needs neither network nor service.
@NullMarked
package dk.elleve.tlog;

import org.jspecify.annotations.NullMarked;
