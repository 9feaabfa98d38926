/// What backup-service says: outcomes of backups, WAL shipping and drills.
@NullMarked
package dk.elleve.contracts.backup;

import org.jspecify.annotations.NullMarked;
