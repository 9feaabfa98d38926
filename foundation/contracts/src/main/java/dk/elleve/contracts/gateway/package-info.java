/// What the gateway says: accesses worth keeping and activity.
@NullMarked
package dk.elleve.contracts.gateway;

import org.jspecify.annotations.NullMarked;
