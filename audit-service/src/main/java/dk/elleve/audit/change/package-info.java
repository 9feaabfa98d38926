/// The register of what was changed in the platform itself, and whether it was done as promised: in the quiet hours,
/// after a backup.
@NullMarked
package dk.elleve.audit.change;

import org.jspecify.annotations.NullMarked;
