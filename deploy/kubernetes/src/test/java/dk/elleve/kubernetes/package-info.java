/// The manifests, read as strictly as an API server would and held against what the code says.
@NullMarked
package dk.elleve.kubernetes;

import org.jspecify.annotations.NullMarked;
