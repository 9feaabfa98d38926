/// The audit log measured against its peers, in a process of its own that `./elleve bench` starts.
@NullMarked
package dk.elleve.bench;

import org.jspecify.annotations.NullMarked;
