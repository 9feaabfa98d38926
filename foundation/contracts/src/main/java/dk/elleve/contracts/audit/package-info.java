/// What audit-service says: signed tree heads.
@NullMarked
package dk.elleve.contracts.audit;

import org.jspecify.annotations.NullMarked;
