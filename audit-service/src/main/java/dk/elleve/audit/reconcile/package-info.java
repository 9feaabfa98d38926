/// Whether the databases agree with the log of their changes: compared each day, table by table.
@NullMarked
package dk.elleve.audit.reconcile;

import org.jspecify.annotations.NullMarked;
