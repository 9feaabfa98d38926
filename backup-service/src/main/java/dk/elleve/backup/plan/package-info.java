/// When backups are taken and who may ask for them.
@NullMarked
package dk.elleve.backup.plan;

import org.jspecify.annotations.NullMarked;
