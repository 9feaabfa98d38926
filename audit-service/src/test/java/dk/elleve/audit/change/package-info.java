/// Quiet hours, the rule, and the register with its evidence.
@NullMarked
package dk.elleve.audit.change;

import org.jspecify.annotations.NullMarked;
