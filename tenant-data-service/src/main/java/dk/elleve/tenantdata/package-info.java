/// Holds the tenants' data: personal fields encrypted per tenant before they reach the database, every look on record.
@NullMarked
package dk.elleve.tenantdata;

import org.jspecify.annotations.NullMarked;
