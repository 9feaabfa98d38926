@NullMarked
package dk.elleve.kit.fingerprint;

import org.jspecify.annotations.NullMarked;
