@NullMarked
package dk.elleve.audit.siem;

import org.jspecify.annotations.NullMarked;
