package dk.elleve.backup.base;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Takes a tar stream apart as it arrives, in pieces of any size.
final class TarReader {

    interface Listener {

        void folder(String name, int mode) throws IOException;

        void file(String name, int mode, long size) throws IOException;

        /// The content of the file that was begun last, piece by piece.
        void content(byte[] bytes, int offset, int length) throws IOException;

        void endOfFile() throws IOException;
    }

    private static final int BLOCK = 512;

    private final Listener listener;
    private final byte[] header = new byte[BLOCK];
    private int headerFilled;
    private long contentLeft;
    private int paddingLeft;
    private boolean within;
    private boolean ended;

    TarReader(Listener listener) {
        this.listener = listener;
    }

    void read(byte[] bytes, int offset, int length) throws IOException {
        var at = offset;
        var end = offset + length;
        while (at < end && !ended) {
            if (contentLeft > 0) {
                var size = (int) Math.min(contentLeft, end - at);
                listener.content(bytes, at, size);
                contentLeft -= size;
                at += size;
            } else if (paddingLeft > 0) {
                var size = Math.min(paddingLeft, end - at);
                paddingLeft -= size;
                at += size;
            } else {
                var size = Math.min(BLOCK - headerFilled, end - at);
                System.arraycopy(bytes, at, header, headerFilled, size);
                headerFilled += size;
                at += size;
                if (headerFilled == BLOCK) {
                    headerFilled = 0;
                    begin();
                }
            }
            if (within && contentLeft == 0) {
                within = false;
                listener.endOfFile();
            }
        }
    }

    /// The stream is over. PostgreSQL ends one with two blocks of zeros, of which the first says
    /// enough.
    void end() throws IOException {
        if (!ended) {
            throw new EOFException("the server ended a tar stream without its end mark");
        }
    }

    private void begin() throws IOException {
        if (isZero()) {
            ended = true;
            return;
        }
        var prefix = text(345, 155);
        var name = prefix.isEmpty() ? text(0, 100) : prefix + "/" + text(0, 100);
        var mode = (int) number(100, 8);
        switch (header[156]) {
            case '0', 0 -> {
                contentLeft = number(124, 12);
                paddingLeft = (int) ((BLOCK - contentLeft % BLOCK) % BLOCK);
                within = true;
                listener.file(name, mode, contentLeft);
            }
            case '5' -> listener.folder(name.endsWith("/") ? name.substring(0, name.length() - 1) : name, mode);
            // The link to a tablespace: its content comes in a stream of its own.
            case '2' -> {}
            default -> throw new IOException("the server sent '" + name + "' of an unknown kind");
        }
    }

    private boolean isZero() {
        for (var value : header) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    private String text(int offset, int length) {
        var end = offset;
        while (end < offset + length && header[end] != 0) {
            end++;
        }
        return new String(header, offset, end - offset, StandardCharsets.UTF_8);
    }

    private long number(int offset, int length) {
        if ((header[offset] & 0x80) != 0) {
            return ByteBuffer.wrap(header, offset + length - 8, 8).getLong();
        }
        var digits = text(offset, length).strip();
        return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
    }
}
