/// Whole transactions, their authors and their rows, decided without a database.
@NullMarked
package dk.elleve.audit.capture;

import org.jspecify.annotations.NullMarked;
