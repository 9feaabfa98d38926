/// Processing areas: why data is held, on which legal basis and for how long.
@NullMarked
package dk.elleve.tenantdata.area;

import org.jspecify.annotations.NullMarked;
