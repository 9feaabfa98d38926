/// How long the certificates a service shows or trusts are still good for.
@NullMarked
package dk.elleve.kit.certificate;

import org.jspecify.annotations.NullMarked;
