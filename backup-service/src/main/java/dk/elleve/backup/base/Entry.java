package dk.elleve.backup.base;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A folder or a file of the cluster's data folder, named relative to it.
public sealed interface Entry {

    String path();

    /// Its rights, as in `chmod`.
    int mode();

    record Folder(String path, int mode) implements Entry {}

    /// @param extents where its content lies, in order
    /// @param hashes fingerprints of the blocks that lie in packs of the backup itself
    record File(String path, int mode, long size, List<Extent> extents, Hashes hashes) implements Entry {

        public File {
            extents = List.copyOf(extents);
        }
    }

    /// The files among them, by path.
    static Map<String, File> files(List<Entry> entries) {
        var files = new HashMap<String, File>();
        for (var entry : entries) {
            if (entry instanceof File file) {
                files.put(file.path(), file);
            }
        }
        return files;
    }

    /// Fingerprints of blocks, one after the other.
    final class Hashes {

        private final byte[] bytes;

        Hashes(byte[] bytes) {
            this.bytes = bytes;
        }

        byte[] bytes() {
            return bytes;
        }

        boolean same(int ordinal, byte[] hash) {
            var size = hash.length;
            return (ordinal + 1) * size <= bytes.length
                    && Arrays.equals(bytes, ordinal * size, (ordinal + 1) * size, hash, 0, size);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Hashes that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }

    /// Gathers extents, joining those that lie side by side.
    final class Extents {

        private final ArrayList<Extent> list = new ArrayList<>();

        public void add(Extent extent) {
            if (!list.isEmpty() && extent.continues(list.getLast())) {
                list.set(list.size() - 1, list.getLast().plus(extent.length()));
            } else {
                list.add(extent);
            }
        }

        public List<Extent> list() {
            return list;
        }
    }
}
