/// The log on its way to the security monitoring of others (SIEM), as syslog over TLS.
@NullMarked
package dk.elleve.audit.siem;

import org.jspecify.annotations.NullMarked;
