/// What a table's rows add up to under a key, from its changes and from the table itself.
@NullMarked
package dk.elleve.kit.fingerprint;

import org.jspecify.annotations.NullMarked;
