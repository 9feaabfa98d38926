/// What follows from evidence and age.
@NullMarked
package dk.elleve.audit.answers;

import org.jspecify.annotations.NullMarked;
