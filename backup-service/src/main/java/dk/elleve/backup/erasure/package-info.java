/// The erasure journal: what was erased is remembered outside the backups, so that no restore brings it back.
@NullMarked
package dk.elleve.backup.erasure;

import org.jspecify.annotations.NullMarked;
