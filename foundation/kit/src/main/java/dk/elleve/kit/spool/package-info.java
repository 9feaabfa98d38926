/// A bounded durable spool for records that accompany no write.
@NullMarked
package dk.elleve.kit.spool;

import org.jspecify.annotations.NullMarked;
