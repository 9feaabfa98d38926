@NullMarked
package dk.elleve.audit.search;

import org.jspecify.annotations.NullMarked;
