/// Base backups: a cluster taken whole from the wire, cut into packs, and declared complete by its manifest.
@NullMarked
package dk.elleve.backup.base;

import org.jspecify.annotations.NullMarked;
