/// The clusters that share the catalogue, and what holds for all of them.
@NullMarked
package dk.elleve.backup.cluster;

import org.jspecify.annotations.NullMarked;
