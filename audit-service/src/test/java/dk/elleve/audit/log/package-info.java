/// Sealing, and the log's life under crashes and kills.
@NullMarked
package dk.elleve.audit.log;

import org.jspecify.annotations.NullMarked;
