package dk.elleve.backup.base;

import dk.elleve.backup.vault.BlockHash;
import org.jspecify.annotations.Nullable;

/// Walks the blocks of a file in order, each with the place of its content and its fingerprint where
/// one is kept.
public final class Blocks {

    private final Entry.File file;
    private final @Nullable Blocks inBase;
    private int extent;
    private int within;
    private int own;

    Blocks(Entry.File file) {
        this(file, null);
    }

    /// @param inBase the same file in the full backup that an incremental one stands on
    public Blocks(Entry.File file, Entry.@Nullable File inBase) {
        this.file = file;
        this.inBase = inBase == null ? null : new Blocks(inBase, null);
    }

    /// The place of the next block; `null` behind the last one.
    public @Nullable Extent place() {
        if (extent == file.extents().size()) {
            return null;
        }
        var whole = file.extents().get(extent);
        return new Extent(
                whole.ofBase(),
                whole.pack(),
                whole.offset() + within,
                Math.min(BlockHash.BLOCK, whole.length() - within));
    }

    /// Whether the next block lies in the backup's own packs and has this fingerprint.
    boolean isOwn(byte[] hash) {
        return extent < file.extents().size()
                && !file.extents().get(extent).ofBase()
                && file.hashes().same(own, hash);
    }

    /// Whether the next block, wherever it lies, has this fingerprint.
    public boolean is(byte[] hash) {
        if (extent < file.extents().size() && file.extents().get(extent).ofBase()) {
            return inBase != null && inBase.isOwn(hash);
        }
        return isOwn(hash);
    }

    public void next() {
        if (inBase != null) {
            inBase.next();
        }
        if (extent == file.extents().size()) {
            return;
        }
        var whole = file.extents().get(extent);
        if (!whole.ofBase()) {
            own++;
        }
        within += Math.min(BlockHash.BLOCK, whole.length() - within);
        if (within == whole.length()) {
            within = 0;
            extent++;
        }
    }
}
