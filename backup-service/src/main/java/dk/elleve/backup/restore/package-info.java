/// Brings a cluster back from the vault and the master key alone, with every service stopped.
@NullMarked
package dk.elleve.backup.restore;

import org.jspecify.annotations.NullMarked;
