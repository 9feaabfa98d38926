/// Collections: the schema of records, and which of their fields are personal, searchable or name the person.
@NullMarked
package dk.elleve.tenantdata.collection;

import org.jspecify.annotations.NullMarked;
