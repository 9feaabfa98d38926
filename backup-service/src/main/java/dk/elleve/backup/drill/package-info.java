/// Proof that backups can be restored: one is, on a scratch server, and compared with the source.
@NullMarked
package dk.elleve.backup.drill;

import org.jspecify.annotations.NullMarked;
