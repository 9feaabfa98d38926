/// The images, and the rig that is made of them.
@NullMarked
package dk.elleve.images;

import org.jspecify.annotations.NullMarked;
