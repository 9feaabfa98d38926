/// Reading requests strictly and within limits, without ever repeating what stands in them.
@NullMarked
package dk.elleve.tenantdata.http;

import org.jspecify.annotations.NullMarked;
