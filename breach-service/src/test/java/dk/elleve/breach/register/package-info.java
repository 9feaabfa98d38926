/// Tests of the register.
@NullMarked
package dk.elleve.breach.register;

import org.jspecify.annotations.NullMarked;
