/// The master key is rotated while backups go on.
@NullMarked
package dk.elleve.backup.rotation;

import org.jspecify.annotations.NullMarked;
