/// What must hold in the database before a service may start.
@NullMarked
package dk.elleve.kit.guard;

import org.jspecify.annotations.NullMarked;
