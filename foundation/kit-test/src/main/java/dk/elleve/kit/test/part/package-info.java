/// The platform's parts as processes of one machine: install, start, wait until ready, stop; used by tests and
/// launcher.
@NullMarked
package dk.elleve.kit.test.part;

import org.jspecify.annotations.NullMarked;
