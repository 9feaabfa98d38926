/// Mechanism that every service needs, switched on by the class path and by settings. Knows no business word but
/// tenant.
@NullMarked
package dk.elleve.kit;

import org.jspecify.annotations.NullMarked;
