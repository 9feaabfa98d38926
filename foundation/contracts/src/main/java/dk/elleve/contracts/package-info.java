/// The platform's language: topics, envelope and the words that every service shares. JDK only.
@NullMarked
package dk.elleve.contracts;

import org.jspecify.annotations.NullMarked;
