/// Recurring jobs, run once in the whole cluster.
@NullMarked
package dk.elleve.kit.schedule;

import org.jspecify.annotations.NullMarked;
