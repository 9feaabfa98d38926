package dk.elleve.kit.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// One file of the spool: records of length, CRC-32C and bytes, only ever appended to. A torn record at
/// the end, which a crash during an append leaves, ends the file; nobody was told it was durable.
final class SegmentFile {

    static final int HEADER = 8;
    private static final int LARGEST = 4 * 1024 * 1024;

    /// @param end where the next record starts
    record Read(List<byte[]> records, long end) {}

    private SegmentFile() {}

    static ByteBuffer encode(byte[] record) {
        var crc = new CRC32C();
        crc.update(record);
        return ByteBuffer.allocate(HEADER + record.length)
                .putInt(record.length)
                .putInt((int) crc.getValue())
                .put(record)
                .flip();
    }

    /// Up to `most` whole records from `position` on.
    static Read read(Path file, long position, int most) throws IOException {
        var records = new ArrayList<byte[]>();
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long at = position;
            var header = ByteBuffer.allocate(HEADER);
            while (records.size() < most) {
                header.clear();
                if (!fill(channel, header, at)) {
                    break;
                }
                int length = header.flip().getInt();
                int sum = header.getInt();
                if (length <= 0 || length > LARGEST) {
                    break;
                }
                var body = ByteBuffer.allocate(length);
                if (!fill(channel, body, at + HEADER)) {
                    break;
                }
                var crc = new CRC32C();
                crc.update(body.array());
                if ((int) crc.getValue() != sum) {
                    break;
                }
                records.add(body.array());
                at += HEADER + length;
            }
            return new Read(records, at);
        }
    }

    private static boolean fill(FileChannel channel, ByteBuffer buffer, long at) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                return false;
            }
        }
        return true;
    }
}
