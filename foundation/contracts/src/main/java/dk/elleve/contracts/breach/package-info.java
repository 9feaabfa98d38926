/// What breach-service says: the life of an incident.
@NullMarked
package dk.elleve.contracts.breach;

import org.jspecify.annotations.NullMarked;
