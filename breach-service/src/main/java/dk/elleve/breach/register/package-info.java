/// The register of every breach (GDPR Art. 33(5)), to read and to take away.
@NullMarked
package dk.elleve.breach.register;

import org.jspecify.annotations.NullMarked;
