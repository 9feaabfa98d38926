/// Who is told of a case: the officer at once by mail, the others by notices with receipts.
@NullMarked
package dk.elleve.breach.notice;

import org.jspecify.annotations.NullMarked;
