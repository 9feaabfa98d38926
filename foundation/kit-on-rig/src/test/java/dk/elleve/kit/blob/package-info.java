/// Tests of the blob store.
@NullMarked
package dk.elleve.kit.blob;

import org.jspecify.annotations.NullMarked;
