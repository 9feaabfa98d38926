/// The backup service: what it is made of is in the packages below.
@NullMarked
package dk.elleve.backup;

import org.jspecify.annotations.NullMarked;
