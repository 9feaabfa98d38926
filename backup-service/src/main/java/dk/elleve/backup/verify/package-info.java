/// Reads what lies in the vault again, on a schedule, and says what is missing, damaged or belongs to
/// nothing.
@NullMarked
package dk.elleve.backup.verify;

import org.jspecify.annotations.NullMarked;
