package dk.elleve.backup.base;

import dk.elleve.backup.base.Manifest.Tablespace;
import dk.elleve.backup.vault.BlockHash;
import dk.elleve.backup.wire.Lsn;
import dk.elleve.backup.wire.Wire;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Takes the cluster in as it arrives: cuts files into blocks, keeps those that are not known yet, and
/// lists the files.
final class Copy implements Wire.BaseSink, TarReader.Listener {

    /// An index part is written when so many packs have come together, or so many bytes of itself: what
    /// is listed is not sent to the vault again by the next attempt.
    private static final int PART_PACKS = 4;

    private static final int PART_BYTES = 4 << 20;

    /// Files that are made of pages: `base/5/16384`, `global/1260_vm`,
    /// `pg_tblspc/16400/PG_18_202506291/5/16385.1`.
    private static final Pattern PAGES = Pattern.compile(
            "(?:global|base/\\d{1,10}|pg_tblspc/\\d{1,10}/[^/]+/\\d{1,10})/\\d{1,10}(?:_[a-z]+)?(?:\\.(\\d{1,9}))?");

    private static final int BLOCK = BlockHash.BLOCK;

    private final PackWriter packs;
    private final BlockHash hash;
    private final Map<String, Entry.File> base;
    private final Map<String, Entry.File> earlier;
    private final Lsn baseStart;
    private final boolean trustsBase;
    private final int pagesOfAFile;
    private final BackupProgress progress;
    private final List<Tablespace> tablespaces = new ArrayList<>();
    private final Set<Integer> takenOver = new HashSet<>();
    private final byte[] fingerprint = new byte[BlockHash.SIZE];
    private final byte[] block = new byte[BLOCK];
    private final PageChecksum checksum = new PageChecksum();
    private final WrongPages wrongPages = new WrongPages();
    private Lsn start = Lsn.ZERO;
    private ByteArrayOutputStream entries = new ByteArrayOutputStream();
    private DataOutputStream entriesOut = new DataOutputStream(entries);
    private @Nullable TarReader tar;
    private String below = "";
    private @Nullable OpenFile file;
    private long received;
    private long expected;
    private long bytes;
    private long blocks;
    private long stored;
    private long unlogged;
    private Lsn newestPage = Lsn.ZERO;
    private String newestPageAt = "";

    /// A file whose content is arriving.
    private final class OpenFile {
        final String path;
        final int mode;
        final long size;
        final boolean paged;
        final long pagesBefore;
        final Entry.Extents extents = new Entry.Extents();
        final ByteArrayOutputStream hashes = new ByteArrayOutputStream();
        final @Nullable Blocks inBase;
        final @Nullable Blocks inEarlier;
        long number;
        int filled;

        OpenFile(String path, int mode, long size) {
            this.path = path;
            this.mode = mode;
            this.size = size;
            var pages = PAGES.matcher(path);
            this.paged = pages.matches();
            this.pagesBefore = paged && pages.group(1) != null ? Long.parseLong(pages.group(1)) * pagesOfAFile : 0;
            var known = base.get(path);
            this.inBase = known == null ? null : new Blocks(known);
            var before = earlier.get(path);
            this.inEarlier = before == null ? null : new Blocks(before);
        }
    }

    /// The full backup that this one stands on.
    ///
    /// @param files whose blocks need not be stored again
    /// @param start where it begins
    /// @param sound whether all its pages were right
    record Base(List<Entry> files, Lsn start, boolean sound) {

        static final Base NONE = new Base(List.of(), Lsn.ZERO, true);
    }

    /// @param earlier files of an attempt at this very backup that was broken off
    /// @param pagesOfAFile after so many a relation goes on in another file; 0 where pages have no
    ///     checksums
    Copy(PackWriter packs, BlockHash hash, Base base, List<Entry> earlier, int pagesOfAFile, BackupProgress progress) {
        this.packs = packs;
        this.hash = hash;
        this.base = Entry.files(base.files());
        this.baseStart = base.start();
        this.trustsBase = base.sound();
        this.earlier = Entry.files(earlier);
        this.pagesOfAFile = pagesOfAFile;
        this.progress = progress;
    }

    @Override
    public void begin(Wire.Point from, long bytes) {
        start = from.lsn();
        expected = bytes;
    }

    @Override
    public void archive(String name, @Nullable String location) throws IOException {
        endArchive();
        tar = new TarReader(this);
        if (location == null) {
            below = "";
        } else {
            // A tablespace lies below the link that leads to it.
            var oid = name.replace(".tar", "");
            below = "pg_tblspc/" + oid + "/";
            tablespaces.add(new Tablespace(oid, location));
        }
    }

    @Override
    public void data(byte[] source, int offset, int length) throws IOException {
        if (tar == null) {
            throw new IOException("the server sent content before the name of its archive");
        }
        tar.read(source, offset, length);
        received += length;
        progress.read(received, Math.max(received, expected));
    }

    @Override
    public void folder(String name, int mode) {
        Index.write(entriesOut, new Entry.Folder(below + name, mode));
    }

    @Override
    public void file(String name, int mode, long size) {
        file = new OpenFile(below + name, mode, size);
    }

    @Override
    public void content(byte[] source, int offset, int length) throws IOException {
        var open = current();
        var at = offset;
        var left = length;
        while (left > 0) {
            if (open.filled == 0 && left >= BLOCK) {
                // As nearly all come: it is looked at where it lies, and only what is new is
                // copied.
                endBlock(open, source, at, BLOCK);
                at += BLOCK;
                left -= BLOCK;
                continue;
            }
            var size = Math.min(left, BLOCK - open.filled);
            System.arraycopy(source, at, block, open.filled, size);
            open.filled += size;
            at += size;
            left -= size;
            if (open.filled == BLOCK) {
                open.filled = 0;
                endBlock(open, block, 0, BLOCK);
            }
        }
        bytes += length;
    }

    @Override
    public void endOfFile() throws IOException {
        var open = current();
        if (open.filled > 0) {
            endBlock(open, block, 0, open.filled);
        }
        file = null;
        Index.write(
                entriesOut,
                new Entry.File(
                        open.path,
                        open.mode,
                        open.size,
                        open.extents.list(),
                        new Entry.Hashes(open.hashes.toByteArray())));
        if (packs.packsSinceLastPart() >= PART_PACKS || entries.size() >= PART_BYTES) {
            endPart();
        }
    }

    private void endBlock(OpenFile open, byte[] buffer, int at, int length) throws IOException {
        var number = open.number++;
        hash.of(number, buffer, at, length, fingerprint, 0);
        blocks++;
        var page = open.paged && length == BLOCK;
        var lsn = page ? pageLsn(buffer, at) : Lsn.ZERO;
        if (newestPage.isBefore(lsn)) {
            newestPage = lsn;
            newestPageAt = open.path + ", block " + number;
        }
        var known = known(open);
        if (page && pagesOfAFile > 0 && !wasChecked(known, lsn)) {
            check(open, number, buffer, at, lsn);
        }
        if (known == null) {
            if (!base.isEmpty() && open.inBase != null && lsn.isBefore(baseStart) && !lsn.equals(Lsn.ZERO)) {
                // Changed without a trace in the log: hint bits and the like, as the page's checksum is right.
                unlogged++;
            }
            known = packs.keep(buffer, at, length);
            stored++;
        }
        if (!known.ofBase()) {
            open.hashes.writeBytes(fingerprint);
        }
        open.extents.add(known);
        if (open.inBase != null) {
            open.inBase.next();
        }
        if (open.inEarlier != null) {
            open.inEarlier.next();
        }
    }

    /// Whether these very bytes were looked at when the full backup was taken.
    private boolean wasChecked(@Nullable Extent known, Lsn lsn) {
        return known != null && known.ofBase() && trustsBase && lsn.isBefore(baseStart);
    }

    /// A page that was written since the backup started comes back from the log, whatever was read
    /// of it; and one that is new and empty has no checksum.
    private void check(OpenFile open, long block, byte[] buffer, int at, Lsn lsn) {
        if (!lsn.isBefore(start) || isNew(buffer, at)) {
            return;
        }
        var number = open.pagesBefore + block;
        var computed = checksum.of(buffer, at, number);
        var stored = PageChecksum.stored(buffer, at);
        if (computed != stored) {
            wrongPages.add(open.path, block, number, computed, stored);
        }
    }

    /// No place for rows was laid out in it.
    private static boolean isNew(byte[] buffer, int at) {
        return buffer[at + 14] == 0 && buffer[at + 15] == 0;
    }

    /// Where a block that is equal to the one just read lies already.
    private @Nullable Extent known(OpenFile open) {
        if (open.inBase != null && open.inBase.isOwn(fingerprint)) {
            var place = open.inBase.place();
            return place == null ? null : new Extent(true, place.pack(), place.offset(), place.length());
        }
        if (open.inEarlier != null && open.inEarlier.isOwn(fingerprint)) {
            var place = open.inEarlier.place();
            if (place != null) {
                takenOver.add(place.pack());
                stored++;
            }
            return place;
        }
        return null;
    }

    private static Lsn pageLsn(byte[] buffer, int at) {
        var page = ByteBuffer.wrap(buffer, at, 8).order(ByteOrder.LITTLE_ENDIAN);
        return new Lsn((page.getInt() & 0xFFFFFFFFL) << 32 | page.getInt() & 0xFFFFFFFFL);
    }

    private OpenFile current() throws IOException {
        if (file == null) {
            throw new IOException("the server sent content that belongs to no file");
        }
        return file;
    }

    private void endArchive() throws IOException {
        if (tar != null) {
            tar.end();
        }
    }

    private void endPart() {
        packs.part(entries.toByteArray());
        entries = new ByteArrayOutputStream();
        entriesOut = new DataOutputStream(entries);
    }

    /// The stream is over: everything kept is on its way, and every file is listed.
    void end() throws IOException {
        endArchive();
        if (file != null) {
            throw new IOException("the server ended its stream within '" + file.path + "'");
        }
        endPart();
    }

    List<Tablespace> tablespaces() {
        return tablespaces;
    }

    /// Numbers of packs of an earlier attempt that the backup goes on using.
    Set<Integer> takenOver() {
        return takenOver;
    }

    long bytes() {
        return bytes;
    }

    long blocks() {
        return blocks;
    }

    long stored() {
        return stored;
    }

    /// Blocks that have changed though their page says it has not.
    long unlogged() {
        return unlogged;
    }

    WrongPages wrongPages() {
        return wrongPages;
    }

    /// The highest position in the log that any page says it was changed at, and which page.
    Lsn newestPage() {
        return newestPage;
    }

    String newestPageAt() {
        return newestPageAt;
    }
}
