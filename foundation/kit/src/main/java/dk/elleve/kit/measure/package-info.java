/// What a service measures of itself, for Prometheus: named, with a unit, and never with a person in it.
@NullMarked
package dk.elleve.kit.measure;

import org.jspecify.annotations.NullMarked;
