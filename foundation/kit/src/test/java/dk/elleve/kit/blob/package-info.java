/// Tests of the blob.
@NullMarked
package dk.elleve.kit.blob;

import org.jspecify.annotations.NullMarked;
