package dk.elleve.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// Looks for many values in many bytes at once: by their first eight bytes, then whole.
final class Grep {

    private static final int WINDOW = 1 << 20;

    private final Map<Long, List<byte[]>> byStart = new HashMap<>();
    private final int longest;

    /// @param values each of at least eight bytes in UTF-8
    Grep(Collection<String> values) {
        int most = 8;
        for (var value : values) {
            var bytes = value.getBytes(StandardCharsets.UTF_8);
            if (bytes.length < 8) {
                throw new IllegalArgumentException("A value to look for has at least eight bytes");
            }
            byStart.computeIfAbsent(start(bytes, 0), key -> new ArrayList<>()).add(bytes);
            most = Math.max(most, bytes.length);
        }
        longest = most;
    }

    /// @param files how many files were read
    /// @param bytes how many bytes in all
    /// @param found file and value of each find
    record Result(int files, long bytes, TreeSet<String> found) {

        static Result none() {
            return new Result(0, 0, new TreeSet<>());
        }

        Result and(Result other) {
            var both = new TreeSet<>(found);
            both.addAll(other.found);
            return new Result(files + other.files, bytes + other.bytes, both);
        }
    }

    Result in(Path folder) throws IOException {
        var found = new TreeSet<String>();
        int files = 0;
        long bytes = 0;
        try (var all = Files.walk(folder)) {
            for (var file : all.filter(Files::isRegularFile).toList()) {
                try (var in = Files.newInputStream(file)) {
                    bytes += read(in, value -> found.add(folder.relativize(file) + ": " + value));
                    files++;
                } catch (NoSuchFileException gone) {
                    // WAL and log segments come and go while a server runs.
                }
            }
        }
        return new Result(files, bytes, found);
    }

    /// In every file of a tar archive.
    Result inArchive(InputStream archive) throws IOException {
        var all = Result.none();
        var tar = new TarArchiveInputStream(archive);
        for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
            if (entry.isFile()) {
                all = all.and(in(entry.getName(), tar));
            }
        }
        return all;
    }

    /// In one stream, to its end.
    Result in(String name, InputStream stream) throws IOException {
        var found = new TreeSet<String>();
        long bytes = read(stream, value -> found.add(name + ": " + value));
        return new Result(1, bytes, found);
    }

    /// Window by window, each beginning with the end of the one before: a value may lie across two of them.
    private long read(InputStream in, Consumer<String> find) throws IOException {
        var window = new byte[WINDOW];
        long bytes = 0;
        int kept = 0;
        while (true) {
            int read = in.readNBytes(window, kept, WINDOW - kept);
            bytes += read;
            in(window, kept + read).forEach(find);
            if (kept + read < WINDOW) {
                return bytes;
            }
            kept = longest - 1;
            System.arraycopy(window, WINDOW - kept, window, 0, kept);
        }
    }

    TreeSet<String> in(byte[] content) {
        return in(content, content.length);
    }

    private TreeSet<String> in(byte[] content, int length) {
        var found = new TreeSet<String>();
        if (length < 8) {
            return found;
        }
        long window = start(content, 0);
        for (int at = 0; ; at++) {
            var candidates = byStart.get(window);
            if (candidates != null) {
                for (var value : candidates) {
                    if (at + value.length <= length
                            && Arrays.equals(content, at, at + value.length, value, 0, value.length)) {
                        found.add(new String(value, StandardCharsets.UTF_8));
                    }
                }
            }
            if (at + 8 >= length) {
                return found;
            }
            window = window << 8 | content[at + 8] & 0xff;
        }
    }

    private static long start(byte[] bytes, int from) {
        long value = 0;
        for (int i = from; i < from + 8; i++) {
            value = value << 8 | bytes[i] & 0xff;
        }
        return value;
    }
}
