/// Tests of the package problem.
@NullMarked
package dk.elleve.kit.problem;

import org.jspecify.annotations.NullMarked;
