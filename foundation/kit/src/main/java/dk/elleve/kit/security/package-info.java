/// Who is calling: the token checked again in every service, turned into a caller.
@NullMarked
package dk.elleve.kit.security;

import org.jspecify.annotations.NullMarked;
