/// The filter language of record lists, from text to a typed tree.
@NullMarked
package dk.elleve.tenantdata.filter;

import org.jspecify.annotations.NullMarked;
