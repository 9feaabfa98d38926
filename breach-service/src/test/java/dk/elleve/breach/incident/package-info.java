/// Tests of the incident.
@NullMarked
package dk.elleve.breach.incident;

import org.jspecify.annotations.NullMarked;
