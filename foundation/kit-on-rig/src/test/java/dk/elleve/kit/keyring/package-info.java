/// Tests of the keyring.
@NullMarked
package dk.elleve.kit.keyring;

import org.jspecify.annotations.NullMarked;
