/// The one place that speaks to blob storage.
@NullMarked
package dk.elleve.kit.blob;

import org.jspecify.annotations.NullMarked;
