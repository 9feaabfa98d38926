package dk.elleve.audit.siem;

import java.util.ArrayDeque;

/// What was sent last on a connection and may not have been read at its other end. RFC 5425 has no
/// acknowledgement: what the kernel has taken may lie in its buffer, on the way, or in the
/// receiver's buffer, and is lost when the receiver dies. These buffers together are smaller than
/// the window.
final class Window {

    private record Sent(long index, int bytes) {}

    private final long size;
    private final ArrayDeque<Sent> recent = new ArrayDeque<>();
    private long bytes;
    private long resume;

    /// @param size in bytes
    /// @param resume where the connection begins: what comes after this index
    Window(long size, long resume) {
        this.size = size;
        this.resume = resume;
    }

    void add(long index, int length) {
        recent.addLast(new Sent(index, length));
        bytes += length;
        while (bytes - recent.getFirst().bytes() >= size) {
            var arrived = recent.removeFirst();
            bytes -= arrived.bytes();
            resume = arrived.index();
        }
    }

    /// After which index a new connection has to begin, if all up to `passed` was sent or is not
    /// for this receiver.
    long resume(long passed) {
        return recent.isEmpty() ? passed : resume;
    }
}
