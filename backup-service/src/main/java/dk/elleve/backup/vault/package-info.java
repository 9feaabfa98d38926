/// Where backups lie: named objects that are written once, and the encryption around them.
@NullMarked
package dk.elleve.backup.vault;

import org.jspecify.annotations.NullMarked;
