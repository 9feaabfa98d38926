package dk.elleve.backup.base;

/// A stretch of a file's content that lies in one pack.
///
/// @param ofBase whether the pack is one of the full backup that an incremental one stands on
/// @param pack number of the pack
/// @param offset where in the pack's content it begins
/// @param length its bytes: whole blocks, but for the last one of the file
public record Extent(boolean ofBase, int pack, int offset, int length) {

    boolean continues(Extent before) {
        return ofBase == before.ofBase && pack == before.pack && offset == before.offset + before.length;
    }

    Extent plus(int bytes) {
        return new Extent(ofBase, pack, offset, length + bytes);
    }
}
