package dk.elleve.backup.wire;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Messages of the PostgreSQL protocol, in and out. One thread reads; any thread may send.
///
/// Notices and parameter reports may come at any time; the last notices are kept for who asks for them.
final class Frames {

    /// Above any message a server sends here: WAL comes in 128 KiB, tar data in 32 KiB.
    private static final int LARGEST = 64 << 20;

    private static final int MOST_NOTICES = 100;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private byte[] body = new byte[1 << 18];
    private int length;
    private final ArrayDeque<String> notices = new ArrayDeque<>();

    Frames(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 18));
        this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 13));
    }

    /// Reads the next message and answers its kind; its body stays readable until the next call.
    char next() {
        try {
            while (true) {
                var kind = (char) in.readUnsignedByte();
                length = in.readInt() - 4;
                if (length < 0 || length > LARGEST) {
                    throw new WireException("the server sent a message '" + kind + "' of " + length
                            + " bytes; the line is out of step");
                }
                if (length > body.length) {
                    body = new byte[length];
                }
                in.readFully(body, 0, length);
                if (kind == 'N') {
                    note();
                }
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

    private void note() {
        var words = error().getMessage();
        if (words != null) {
            notices.addLast(words);
        }
        if (notices.size() > MOST_NOTICES) {
            notices.removeFirst();
        }
    }

    /// What the server has remarked since the last call, oldest first.
    List<String> takeNotices() {
        var taken = List.copyOf(notices);
        notices.clear();
        return taken;
    }

    byte[] body() {
        return body;
    }

    int length() {
        return length;
    }

    /// The body from `offset` on, in network byte order.
    ByteBuffer buffer(int offset) {
        return ByteBuffer.wrap(body, offset, length - offset);
    }

    /// Text up to the zero byte at or after `offset`.
    String text(int offset) {
        var end = offset;
        while (end < length && body[end] != 0) {
            end++;
        }
        return new String(body, offset, end - offset, StandardCharsets.UTF_8);
    }

    List<@Nullable String> row() {
        var buffer = buffer(0);
        var columns = Short.toUnsignedInt(buffer.getShort());
        var row = new ArrayList<@Nullable String>(columns);
        for (var i = 0; i < columns; i++) {
            var size = buffer.getInt();
            if (size < 0) {
                row.add(null);
            } else {
                row.add(new String(body, buffer.position(), size, StandardCharsets.UTF_8));
                buffer.position(buffer.position() + size);
            }
        }
        return row;
    }

    WireException error() {
        var message = "the server reported an error without words";
        @Nullable String state = null;
        var at = 0;
        while (at < length && body[at] != 0) {
            var value = text(at + 1);
            switch (body[at]) {
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
