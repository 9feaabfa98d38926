/// What the law asks for, worked out of the facts of a breach: rules, severity, precedents.
@NullMarked
package dk.elleve.breach.assessment;

import org.jspecify.annotations.NullMarked;
