/// Backups measured against pgBackRest: the engine of backup-service and its peer copy the same server into the same
/// blob storage, one after the other.
@NullMarked
package dk.elleve.bench.backup;

import org.jspecify.annotations.NullMarked;
