/// What an area must say.
@NullMarked
package dk.elleve.tenantdata.area;

import org.jspecify.annotations.NullMarked;
