/// Tests of the log's mathematics: by themselves, against published vectors where those are at hand, and by
/// changing every byte.
@NullMarked
package dk.elleve.tlog;

import org.jspecify.annotations.NullMarked;
