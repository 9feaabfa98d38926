/// The record of denials and of everything staff do, kept before the answer leaves.
@NullMarked
package dk.elleve.gateway.access;

import org.jspecify.annotations.NullMarked;
