/// The eleven answers: claims, their evidence, and what follows from it now.
@NullMarked
package dk.elleve.audit.answers;

import org.jspecify.annotations.NullMarked;
