/// Errors in one voice: RFC 9457 problems with stable codes.
@NullMarked
package dk.elleve.kit.problem;

import org.jspecify.annotations.NullMarked;
