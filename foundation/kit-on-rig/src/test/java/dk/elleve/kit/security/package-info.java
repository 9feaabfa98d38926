/// Tests of the package security.
@NullMarked
package dk.elleve.kit.security;

import org.jspecify.annotations.NullMarked;
