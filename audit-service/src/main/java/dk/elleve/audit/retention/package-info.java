/// How long what entries say is kept: rules for each tenant and class, legal holds, and the taking away.
@NullMarked
package dk.elleve.audit.retention;

import org.jspecify.annotations.NullMarked;
