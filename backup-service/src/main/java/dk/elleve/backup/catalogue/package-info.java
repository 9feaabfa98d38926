/// What the service remembers of its backups, in its own database; can be written again from the vault alone.
@NullMarked
package dk.elleve.backup.catalogue;

import org.jspecify.annotations.NullMarked;
