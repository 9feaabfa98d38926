/// The probe tells the truth, also when it is bad.
@NullMarked
package dk.elleve.tenantdata.probe;

import org.jspecify.annotations.NullMarked;
