package dk.elleve.backup.restore;

import dk.elleve.backup.wal.WalRecords;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// Keeps a restored server from reaching for folders of the source. WAL that makes a tablespace names the folder it
/// had there: replayed on the same machine, it would link the copy to the files of the original and write into them,
/// elsewhere recovery would end for want of the folder. So the name is taken out of the record, which then means a
/// tablespace below the data folder; where one is there already, or a link to its folder, that stays.
///
/// Follows `tablespace.h` and `xlogrecord.h`.
final class MadeTablespaces implements WalRecords.Listener {

    /// A byte of the log that is to be another.
    record Patch(WalRecords.Place place, byte value) {}

    private static final int TABLESPACE_MANAGER = 5;
    private static final int CREATE = 0x00;
    private static final int CHECKSUM = 20;

    private final List<Patch> patches = new ArrayList<>();
    private boolean any;

    /// What is to be changed in the segments read since the last call: the newest, or the one before it, where a
    /// record begins that ends in the newest.
    List<Patch> take() {
        var taken = List.copyOf(patches);
        patches.clear();
        return taken;
    }

    /// Whether there was any.
    boolean any() {
        return any;
    }

    @Override
    public void record(WalRecords record) {
        if (record.manager() != TABLESPACE_MANAGER || record.kind() != CREATE || !record.isKeptWhole()) {
            return;
        }
        var head = record.head();
        var path = record.data() + Integer.BYTES;
        if (record.data() < 0 || path >= head.limit() || checksum(head) != head.getInt(CHECKSUM)) {
            // Nothing that PostgreSQL would replay.
            return;
        }
        any = true;
        if (head.get(path) == 0) {
            return;
        }
        var changed = ByteBuffer.allocate(head.limit()).order(ByteOrder.LITTLE_ENDIAN);
        changed.put(0, head, 0, head.limit());
        changed.put(path, (byte) 0);
        changed.putInt(CHECKSUM, checksum(changed));
        patch(record, changed, path);
        for (var at = CHECKSUM; at < CHECKSUM + Integer.BYTES; at++) {
            patch(record, changed, at);
        }
    }

    private void patch(WalRecords record, ByteBuffer changed, int at) {
        patches.add(new Patch(record.place(at), changed.get(at)));
    }

    /// Of the data and then of the header up to the checksum itself.
    private static int checksum(ByteBuffer record) {
        var checksum = new CRC32C();
        checksum.update(record.slice(WalRecords.HEADER, record.limit() - WalRecords.HEADER));
        checksum.update(record.slice(0, CHECKSUM));
        return (int) checksum.getValue();
    }
}
