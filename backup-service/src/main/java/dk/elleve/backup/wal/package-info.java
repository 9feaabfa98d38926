/// The write-ahead log on its way into the vault: streamed, shipped in parts, sealed by segment, and read back.
@NullMarked
package dk.elleve.backup.wal;

import org.jspecify.annotations.NullMarked;
