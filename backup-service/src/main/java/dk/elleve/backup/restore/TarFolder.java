package dk.elleve.backup.restore;

import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.vault.VaultProblem;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Unpacks the tar streams of a base backup into a folder. The control file is held back: without it nobody can
/// start what is only half there.
final class TarFolder {

    static final String CONTROL_FILE = "global/pg_control";

    private static final int BLOCK = 512;

    private final Path root;
    private final byte[] buffer = new byte[1 << 17];
    private byte @Nullable [] controlFile;

    TarFolder(Path root) {
        this.root = root;
    }

    /// The content of the control file, once the main archive has been unpacked.
    byte @Nullable [] controlFile() {
        return controlFile;
    }

    /// @param below where in the folder the archive's names begin, empty for the main archive
    void unpack(InputStream tar, String below) throws IOException {
        var header = new byte[BLOCK];
        while (true) {
            if (tar.readNBytes(header, 0, BLOCK) != BLOCK) {
                throw new EOFException("the archive ends without its end mark");
            }
            if (isZero(header)) {
                tar.transferTo(OutputStream.nullOutputStream());
                return;
            }
            var prefix = text(header, 345, 155);
            var name = prefix.isEmpty() ? text(header, 0, 100) : prefix + "/" + text(header, 0, 100);
            var size = number(header, 124, 12);
            switch (header[156]) {
                case '0', 0 -> file(tar, inside(below, name), name, below, size, (int) number(header, 100, 8));
                case '5' ->
                    Files.createDirectories(
                            inside(below, name),
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                // A link to a tablespace: its content is unpacked in this very place, see Restorer.
                case '2' -> {}
                default -> throw new IOException("the archive holds '" + name + "' of an unknown kind");
            }
        }
    }

    private void file(InputStream tar, Path target, String name, String below, long size, int mode) throws IOException {
        if (below.isEmpty() && name.equals(CONTROL_FILE)) {
            controlFile = tar.readNBytes((int) size);
            if (controlFile.length != size) {
                throw new EOFException("the archive ends within '" + name + "'");
            }
        } else {
            Files.createDirectories(target.getParent());
            var rights = PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString((mode & 0100) != 0 ? "rwx------" : "rw-------"));
            try (var channel =
                    FileChannel.open(target, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), rights)) {
                var left = size;
                while (left > 0) {
                    var read = tar.read(buffer, 0, (int) Math.min(left, buffer.length));
                    if (read < 0) {
                        throw new EOFException("the archive ends within '" + name + "'");
                    }
                    var bytes = ByteBuffer.wrap(buffer, 0, read);
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                    left -= read;
                }
            }
        }
        tar.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
    }

    private Path inside(String below, String name) {
        var path = root.resolve(below).resolve(name).normalize();
        if (name.startsWith("/") || !path.startsWith(root)) {
            throw new VaultException(
                    VaultProblem.DAMAGED, "the archive holds '" + name + "', which leads out of the folder");
        }
        return path;
    }

    private static boolean isZero(byte[] block) {
        for (var value : block) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    private static String text(byte[] header, int offset, int length) {
        var end = offset;
        while (end < offset + length && header[end] != 0) {
            end++;
        }
        return new String(header, offset, end - offset, StandardCharsets.UTF_8);
    }

    private static long number(byte[] header, int offset, int length) {
        if ((header[offset] & 0x80) != 0) {
            return ByteBuffer.wrap(header, offset + length - 8, 8).getLong();
        }
        var digits = text(header, offset, length).strip();
        return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
    }
}
