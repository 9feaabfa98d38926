/// Databases that agree with their log, and one that a superuser has worked in past the WAL.
@NullMarked
package dk.elleve.audit.reconcile;

import org.jspecify.annotations.NullMarked;
