/// Tests of the assessment.
@NullMarked
package dk.elleve.breach.assessment;

import org.jspecify.annotations.NullMarked;
