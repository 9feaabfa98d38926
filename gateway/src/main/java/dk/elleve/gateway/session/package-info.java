/// Who is at the door: bearer tokens of programs, cookie sessions of browsers.
@NullMarked
package dk.elleve.gateway.session;

import org.jspecify.annotations.NullMarked;
