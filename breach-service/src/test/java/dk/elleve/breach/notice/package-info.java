/// Tests of the notice.
@NullMarked
package dk.elleve.breach.notice;

import org.jspecify.annotations.NullMarked;
