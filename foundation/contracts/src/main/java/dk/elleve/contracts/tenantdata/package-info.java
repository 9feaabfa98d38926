/// What tenant-data-service says: reads of personal data and erasures.
@NullMarked
package dk.elleve.contracts.tenantdata;

import org.jspecify.annotations.NullMarked;
