/// What happened, who did it, and that nobody can change the story afterwards.
@NullMarked
package dk.elleve.audit;

import org.jspecify.annotations.NullMarked;
