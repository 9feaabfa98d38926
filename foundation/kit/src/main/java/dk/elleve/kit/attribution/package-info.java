/// The signed line that tells the log who made a transaction.
@NullMarked
package dk.elleve.kit.attribution;

import org.jspecify.annotations.NullMarked;
