/// Where the endpoints of this service lie; one outside the allowed regions stops the start.
@NullMarked
package dk.elleve.kit.residency;

import org.jspecify.annotations.NullMarked;
