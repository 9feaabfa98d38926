package dk.elleve.backup.wire;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Messages of the PostgreSQL protocol, in and out. One thread reads; any thread may send.
///
/// Notices and parameter reports may come at any time, and are passed over.
final class Frames {

    /// Above any message a server sends here: WAL comes in 128 KiB, tar data in 32 KiB.
    private static final int LARGEST = 64 << 20;

    private static final int HEADER = 5;

    private final Socket socket;
    private final InputStream in;
    private final DataOutputStream out;

    /// What has arrived, from `next` to `filled`; the message that was read last lies before it. It
    /// is handed on where it lies: of a cluster of a terabyte each byte is copied once less.
    private byte[] buffer = new byte[1 << 18];

    private int next;
    private int filled;
    private int start;
    private int length;

    Frames(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 13));
    }

    /// Reads the next message and answers its kind; its body stays readable until the next call.
    char next() {
        try {
            while (true) {
                await(HEADER);
                var kind = (char) buffer[next];
                length = ByteBuffer.wrap(buffer).getInt(next + 1) - 4;
                if (length < 0 || length > LARGEST) {
                    throw new WireException("the server sent a message '" + kind + "' of " + length
                            + " bytes; the line is out of step");
                }
                await(HEADER + length);
                start = next + HEADER;
                next = start + length;
                if (kind != 'N' && kind != 'S' && kind != 'A') {
                    return kind;
                }
            }
        } catch (SocketTimeoutException e) {
            throw new WireException("the server was silent for longer than the deadline", null, e);
        } catch (IOException e) {
            throw new WireException("the line to the server broke: " + e, null, e);
        }
    }

    /// Reads until so many bytes lie there from `next` on.
    private void await(int bytes) throws IOException {
        if (next == filled) {
            next = 0;
            filled = 0;
        }
        if (next + bytes > buffer.length) {
            var target = bytes > buffer.length ? new byte[bytes] : buffer;
            System.arraycopy(buffer, next, target, 0, filled - next);
            buffer = target;
            filled -= next;
            next = 0;
        }
        while (filled - next < bytes) {
            var read = in.read(buffer, filled, buffer.length - filled);
            if (read < 0) {
                throw new EOFException("the server closed it");
            }
            filled += read;
        }
    }

    /// Holds the body of the message from [#start] on.
    byte[] bytes() {
        return buffer;
    }

    int start() {
        return start;
    }

    /// What kind of message of a copy it is.
    char copied() {
        return (char) buffer[start];
    }

    int length() {
        return length;
    }

    /// The body from `offset` on, in network byte order.
    ByteBuffer buffer(int offset) {
        return ByteBuffer.wrap(buffer, start + offset, length - offset);
    }

    /// Text up to the zero byte at or after `offset`.
    String text(int offset) {
        var end = start + offset;
        while (end < start + length && buffer[end] != 0) {
            end++;
        }
        return new String(buffer, start + offset, end - start - offset, StandardCharsets.UTF_8);
    }

    List<@Nullable String> row() {
        var body = buffer(0);
        var columns = Short.toUnsignedInt(body.getShort());
        var row = new ArrayList<@Nullable String>(columns);
        for (var i = 0; i < columns; i++) {
            var size = body.getInt();
            if (size < 0) {
                row.add(null);
            } else {
                row.add(new String(buffer, body.position(), size, StandardCharsets.UTF_8));
                body.position(body.position() + size);
            }
        }
        return row;
    }

    WireException error() {
        var message = "the server reported an error without words";
        @Nullable String state = null;
        var at = 0;
        while (at < length && buffer[start + at] != 0) {
            var value = text(at + 1);
            switch (buffer[start + at]) {
                case 'M' -> message = value;
                case 'C' -> state = value;
                default -> {}
            }
            at += 2 + value.getBytes(StandardCharsets.UTF_8).length;
        }
        return new WireException(message, state, null);
    }

    synchronized void send(char kind, byte[] bytes) {
        try {
            out.writeByte(kind);
            out.writeInt(4 + bytes.length);
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            throw new WireException("the line to the server broke: " + e, null, e);
        }
    }

    void query(String sql) {
        var text = sql.getBytes(StandardCharsets.UTF_8);
        send('Q', Arrays.copyOf(text, text.length + 1));
    }

    /// Breaks the line at once; a reader in another thread sees it as an error.
    void cut() {
        try {
            socket.close();
        } catch (IOException e) {
            // The line is gone either way.
        }
    }
}
