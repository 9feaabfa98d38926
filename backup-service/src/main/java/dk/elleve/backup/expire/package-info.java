/// Backups and WAL that no moment within the window needs any more leave the vault.
@NullMarked
package dk.elleve.backup.expire;

import org.jspecify.annotations.NullMarked;
