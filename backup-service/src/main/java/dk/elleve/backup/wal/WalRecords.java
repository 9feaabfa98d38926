package dk.elleve.backup.wal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// Takes WAL apart into its records, segment after segment, before PostgreSQL starts. Follows
/// `xlog_internal.h` and `xlogrecord.h`, which have not changed in this since PostgreSQL 9.5.
public final class WalRecords {

    /// Hears of every record that is whole.
    @FunctionalInterface
    public interface Listener {

        void record(WalRecords record);
    }

    /// Where a byte of a record lies.
    public record Place(long segment, int offset) {}

    /// A page of a relation, by the numbers PostgreSQL knows it by.
    ///
    /// @param fork 0 for the content itself, 1 for the map of free space, 2 for that of visibility,
    ///     3 for what an unlogged relation begins with
    public record Page(int tablespace, int database, int relation, int fork, long number) {}

    public static final int HEADER = 24;

    private static final int PAGE = 8192;
    private static final int SHORT_HEADER = 24;
    private static final int LONG_HEADER = 40;
    private static final int CONTINUES_RECORD = 0x0001;
    private static final int HAS_LONG_HEADER = 0x0002;

    private static final int MOST_PAGES = 32;
    private static final int FORK = 0x0F;
    private static final int HAS_IMAGE = 0x10;
    private static final int IS_MADE_ANEW = 0x40;
    private static final int SAME_RELATION = 0x80;
    private static final int IMAGE_HAS_HOLE = 0x01;
    private static final int IMAGE_IS_APPLIED = 0x02;
    private static final int IMAGE_IS_COMPRESSED = 0x1C;

    private final Listener listener;

    /// The beginning of the record, which may go on in the next page; what anybody here wants to
    /// know stands there.
    private final byte[] head = new byte[2048];

    /// The head is shorter than a page, so it lies in two places at most.
    private Place first = new Place(0, 0);

    private Place second = first;
    private int firstLength;
    private int headLength;
    private long total;
    private long missing;
    private long segment;

    public WalRecords(Listener listener) {
        this.listener = listener;
    }

    /// Reads the next segment.
    public void read(long number, byte[] bytes, int length) {
        segment = number;
        for (var page = 0; page + SHORT_HEADER <= length; page += PAGE) {
            readPage(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), page, Math.min(page + PAGE, length));
        }
    }

    /// Which part of PostgreSQL wrote the record.
    public int manager() {
        return head[17];
    }

    /// What it is to that part.
    public int kind() {
        return head[16] & 0xF0;
    }

    /// The record's bytes, as many as are kept of it.
    public ByteBuffer head() {
        return ByteBuffer.wrap(head, 0, headLength).order(ByteOrder.LITTLE_ENDIAN);
    }

    public boolean isKeptWhole() {
        return headLength == total;
    }

    public Place place(int at) {
        return at < firstLength
                ? new Place(first.segment(), first.offset() + at)
                : new Place(second.segment(), second.offset() + at - firstLength);
    }

    /// Where the record's own data begin; -1 when it refers to blocks, or when that is beyond what
    /// is kept.
    public int data() {
        var at = HEADER;
        while (at < headLength) {
            switch (Byte.toUnsignedInt(head[at])) {
                case 255 -> {
                    return at + 2;
                }
                case 254 -> {
                    return at + 5;
                }
                case 253 -> at += 3;
                case 252 -> at += 5;
                default -> {
                    return -1;
                }
            }
        }
        return -1;
    }

    /// The pages that are right after this record was replayed, whatever was in them before: it
    /// holds an image of them, or makes them anew. As PostgreSQL writes it since version 15.
    public List<Page> pagesMadeWhole() {
        var pages = new ArrayList<Page>();
        var head = head().position(HEADER);
        var tablespace = 0;
        var database = 0;
        var relation = 0;
        while (head.remaining() > 1 && Byte.toUnsignedInt(head.get(head.position())) <= MOST_PAGES) {
            head.get();
            var flags = head.get();
            head.getShort();
            var whole = (flags & IS_MADE_ANEW) != 0;
            if ((flags & HAS_IMAGE) != 0) {
                head.getInt();
                var image = head.get();
                whole |= (image & IMAGE_IS_APPLIED) != 0;
                if ((image & IMAGE_HAS_HOLE) != 0 && (image & IMAGE_IS_COMPRESSED) != 0) {
                    head.getShort();
                }
            }
            if ((flags & SAME_RELATION) == 0) {
                tablespace = head.getInt();
                database = head.getInt();
                relation = head.getInt();
            }
            var number = Integer.toUnsignedLong(head.getInt());
            if (whole) {
                pages.add(new Page(tablespace, database, relation, flags & FORK, number));
            }
        }
        return pages;
    }

    private void readPage(ByteBuffer wal, int page, int end) {
        if (wal.getShort(page) == 0) {
            return;
        }
        var info = wal.getShort(page + 2);
        var remaining = Integer.toUnsignedLong(wal.getInt(page + 16));
        var at = page + ((info & HAS_LONG_HEADER) != 0 ? LONG_HEADER : SHORT_HEADER);
        if (missing > 0 && (info & CONTINUES_RECORD) == 0) {
            // The server crashed in the middle of the record and has written over it.
            missing = 0;
        }
        if (remaining > 0) {
            var size = (int) Math.min(remaining, end - at);
            if (missing > 0) {
                keep(wal, at, size);
                missing -= size;
                if (missing <= 0) {
                    finish();
                }
            }
            at = aligned(at + size);
        }
        while (missing <= 0 && at + 8 <= end) {
            total = Integer.toUnsignedLong(wal.getInt(at));
            if (total < HEADER) {
                return;
            }
            var size = (int) Math.min(total, end - at);
            headLength = 0;
            firstLength = 0;
            keep(wal, at, size);
            missing = total - size;
            if (missing == 0) {
                finish();
            }
            at = aligned(at + size);
        }
    }

    private void keep(ByteBuffer wal, int at, int size) {
        var kept = Math.min(size, head.length - headLength);
        if (kept <= 0) {
            return;
        }
        wal.get(at, head, headLength, kept);
        if (headLength == 0) {
            first = new Place(segment, at);
            firstLength = kept;
        } else {
            second = new Place(segment, at);
        }
        headLength += kept;
    }

    private void finish() {
        missing = 0;
        if (headLength >= HEADER + 2) {
            listener.record(this);
        }
    }

    private static int aligned(int at) {
        return (at + 7) & ~7;
    }
}
