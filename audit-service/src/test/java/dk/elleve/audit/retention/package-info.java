/// What is taken away when its time is over, and what stays.
@NullMarked
package dk.elleve.audit.retention;

import org.jspecify.annotations.NullMarked;
