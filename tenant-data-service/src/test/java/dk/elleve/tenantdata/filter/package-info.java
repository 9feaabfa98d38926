/// The filter language, right and wrong.
@NullMarked
package dk.elleve.tenantdata.filter;

import org.jspecify.annotations.NullMarked;
