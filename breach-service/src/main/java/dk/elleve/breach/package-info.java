/// The breach service: what may be a personal data breach becomes a case with its clock, its decision and its
/// notices.
@NullMarked
package dk.elleve.breach;

import org.jspecify.annotations.NullMarked;
