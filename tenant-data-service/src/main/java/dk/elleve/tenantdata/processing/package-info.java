/// The record of processing activities (GDPR Art. 30), drawn from areas and collections.
@NullMarked
package dk.elleve.tenantdata.processing;

import org.jspecify.annotations.NullMarked;
