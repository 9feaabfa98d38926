/// The replication protocol of PostgreSQL, spoken on a connection that pgjdbc has opened and authenticated.
@NullMarked
package dk.elleve.backup.wire;

import org.jspecify.annotations.NullMarked;
