/// The scanner that attachments will be shown to: whether it answers, and how old what it knows is.
@NullMarked
package dk.elleve.tenantdata.antivirus;

import org.jspecify.annotations.NullMarked;
