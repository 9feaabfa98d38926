/// Tests of the door against real tokens, a real broker and an echoing service behind it.
@NullMarked
package dk.elleve.gateway;

import org.jspecify.annotations.NullMarked;
