/// Certificates as the JDK's own tool makes them.
@NullMarked
package dk.elleve.kit.certificate;

import org.jspecify.annotations.NullMarked;
