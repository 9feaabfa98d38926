package dk.elleve.backup.base;

import dk.elleve.backup.base.Manifest.Pack;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.vault.VaultProblem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// The form of a part of a backup's list of files.
///
/// The number of packs that became whole before it, then each: number, bytes (int each), stored bytes
/// (long), seal. Then entries up to the end: a byte `d` or `f`, path, rights (int); of a file also size
/// (long), the number of extents and each (byte: of the base or not, then pack, offset, length), the
/// number of bytes of fingerprints, and those. Texts are Java's modified UTF-8 with their length in
/// front, numbers big-endian.
final class Index {

    /// @param packs those that entries of this part and of the ones before it refer to
    record Part(List<Pack> packs, List<Entry> entries) {}

    private Index() {}

    static byte[] write(List<Pack> packs, byte[] entries) {
        var bytes = new ByteArrayOutputStream(entries.length + 64 * packs.size() + 4);
        try (var out = new DataOutputStream(bytes)) {
            out.writeInt(packs.size());
            for (var pack : packs) {
                out.writeInt(pack.number());
                out.writeInt(pack.bytes());
                out.writeLong(pack.storedBytes());
                out.writeUTF(pack.seal());
            }
            out.write(entries);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static void write(DataOutputStream out, Entry entry) {
        try {
            switch (entry) {
                case Entry.Folder folder -> {
                    out.writeByte('d');
                    out.writeUTF(folder.path());
                    out.writeInt(folder.mode());
                }
                case Entry.File file -> {
                    out.writeByte('f');
                    out.writeUTF(file.path());
                    out.writeInt(file.mode());
                    out.writeLong(file.size());
                    out.writeInt(file.extents().size());
                    for (var extent : file.extents()) {
                        out.writeBoolean(extent.ofBase());
                        out.writeInt(extent.pack());
                        out.writeInt(extent.offset());
                        out.writeInt(extent.length());
                    }
                    out.writeInt(file.hashes().bytes().length);
                    out.write(file.hashes().bytes());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Part read(String name, byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            var packs = new ArrayList<Pack>();
            for (var left = in.readInt(); left > 0; left--) {
                packs.add(new Pack(in.readInt(), in.readInt(), in.readLong(), in.readUTF(), List.of()));
            }
            var entries = new ArrayList<Entry>();
            while (in.available() > 0) {
                var kind = in.readByte();
                var path = in.readUTF();
                var mode = in.readInt();
                entries.add(kind == 'd' ? new Entry.Folder(path, mode) : file(in, path, mode));
            }
            return new Part(packs, entries);
        } catch (IOException e) {
            throw new VaultException(
                    VaultProblem.DAMAGED, "part '" + name + "' of an index authenticates but cannot be read", e);
        }
    }

    private static Entry.File file(DataInputStream in, String path, int mode) throws IOException {
        var size = in.readLong();
        var extents = new ArrayList<Extent>();
        for (var left = in.readInt(); left > 0; left--) {
            extents.add(new Extent(in.readBoolean(), in.readInt(), in.readInt(), in.readInt()));
        }
        return new Entry.File(path, mode, size, extents, new Entry.Hashes(in.readNBytes(in.readInt())));
    }
}
