/// What the other services tell: accesses, reads, tenants and backups become entries.
@NullMarked
package dk.elleve.audit.access;

import org.jspecify.annotations.NullMarked;
