/// What every door says about itself in the service's OpenAPI document, beyond what its signature
/// shows.
@NullMarked
package dk.elleve.kit.openapi;

import org.jspecify.annotations.NullMarked;
