/// Tests of the language: every event has its schema and its samples.
@NullMarked
package dk.elleve.contracts;

import org.jspecify.annotations.NullMarked;
