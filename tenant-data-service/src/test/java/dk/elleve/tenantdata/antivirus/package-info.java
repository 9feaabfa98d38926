/// A scanner that is asked in earnest.
@NullMarked
package dk.elleve.tenantdata.antivirus;

import org.jspecify.annotations.NullMarked;
