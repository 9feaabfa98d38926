/// The launcher's own decisions, and stories about the whole house.
@NullMarked
package dk.elleve.local;

import org.jspecify.annotations.NullMarked;
