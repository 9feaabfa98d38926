/// Tests of the finding.
@NullMarked
package dk.elleve.breach.finding;

import org.jspecify.annotations.NullMarked;
