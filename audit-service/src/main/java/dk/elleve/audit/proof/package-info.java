/// That an entry is in the log, as a file that strangers can check.
@NullMarked
package dk.elleve.audit.proof;

import org.jspecify.annotations.NullMarked;
