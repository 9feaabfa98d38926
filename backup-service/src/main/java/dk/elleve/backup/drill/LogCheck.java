package dk.elleve.backup.drill;

import dk.elleve.kit.blob.BlobStore;
import dk.elleve.kit.blob.BlobStore.BlobStorageAway;
import dk.elleve.tlog.AuditLeaf;
import dk.elleve.tlog.Checkpoint;
import dk.elleve.tlog.CompactRange;
import dk.elleve.tlog.Hash;
import dk.elleve.tlog.MalformedException;
import dk.elleve.tlog.Proofs;
import dk.elleve.tlog.SignedCheckpoint;
import dk.elleve.tlog.TileReader;
import dk.elleve.tlog.TlogException;
import dk.elleve.tlog.VerifierKey;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Proves that the audit log in a restored copy is the one that was signed. Nothing is believed but the verifier
/// keys: the newest checkpoint lies in the copy and must bear a signature of one of them; the root over all leaves
/// up to its size is computed anew and must be the one it names; and what each entry says must be the text whose
/// hash is in its leaf, unless its time was over.
///
/// All of that is in the database. The anchors, which lie outside it, are asked whether the same tree was anchored.
/// The tiles are needed for nothing but to tell which entry is wrong.
///
/// Leaves behind the newest checkpoint are signed by nobody yet: the last half second before the moment restored.
final class LogCheck {

    /// Where audit-service puts its anchors and tiles.
    private static final String ANCHORS = "log-anchor";

    private static final String TILES = "log";

    /// So many entries are in memory, however long the log is.
    private static final int AT_ONCE = 4_096;

    /// An audit log is known by what it is made of, since a database may have any name.
    private static final String IS_LOG = """
            SELECT count(*) = 8
            FROM (VALUES ('data.leaf', 'index'), ('data.leaf', 'entry_id'), ('data.leaf', 'bytes'),
                         ('data.entry', 'id'), ('data.entry', 'event_id'), ('data.entry', 'payload'),
                         ('data.promise', 'published_size'), ('data.promise', 'note')) AS part(of_table, of_column)
            JOIN pg_attribute a ON a.attrelid = to_regclass(of_table) AND a.attname = of_column AND NOT a.attisdropped
            """;

    private static final String LEAVES = """
            SELECT l.index, l.bytes, e.event_id, sha256(e.payload)
            FROM data.leaf l
            LEFT JOIN data.entry e ON e.id = l.entry_id
            WHERE l.index >= ? AND l.index < ?
            ORDER BY l.index
            """;

    private final List<VerifierKey> keys;
    private final BlobStore blobs;

    /// @param keys those that are believed, at least one
    LogCheck(List<VerifierKey> keys, BlobStore blobs) {
        this.keys = List.copyOf(keys);
        this.blobs = blobs;
    }

    /// Every audit log of the copy that has shown a checkpoint.
    ///
    /// @throws IllegalStateException naming the database and what does not agree
    List<ProvenLog> prove(SourceReader copy) throws SQLException {
        return copy.each(any -> true, this::prove).values().stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<ProvenLog> prove(String database, Connection copy) throws SQLException {
        if (!isLog(copy)) {
            return Optional.empty();
        }
        try {
            var note = newestCheckpoint(copy);
            if (note.isEmpty()) {
                return Optional.empty();
            }
            var signed = SignedCheckpoint.open(note.get(), keys).checkpoint();
            compare(copy, signed);
            return Optional.of(new ProvenLog(
                    database, signed.origin(), signed.size(), signed.root().base64(), anchor(signed)));
        } catch (TlogException | Disagreement e) {
            throw new IllegalStateException(
                    "the audit log came back with database " + database + ", but is not what was signed: "
                            + e.getMessage(),
                    e);
        }
    }

    private static boolean isLog(Connection copy) throws SQLException {
        try (var statement = copy.createStatement();
                var rows = statement.executeQuery(IS_LOG)) {
            rows.next();
            return rows.getBoolean(1);
        }
    }

    /// Empty while the log is so young that nothing was shown.
    private static Optional<String> newestCheckpoint(Connection copy) throws SQLException {
        try (var statement = copy.createStatement();
                var rows = statement.executeQuery("SELECT note, published_size FROM data.promise")) {
            if (!rows.next()) {
                throw new Disagreement("what it has signed is gone");
            }
            var note = Optional.ofNullable(rows.getString(1));
            if (note.isEmpty() && rows.getLong(2) > 0) {
                throw new Disagreement("a checkpoint of size " + rows.getLong(2) + " was shown, and it is gone");
            }
            return note;
        }
    }

    private void compare(Connection copy, Checkpoint signed) throws SQLException {
        var range = CompactRange.empty();
        long otherText = -1;
        try (var leaves = new Leaves(copy, signed.size())) {
            while (leaves.next()) {
                if (leaves.index() != range.size()) {
                    throw new Disagreement("entry " + range.size() + " is missing");
                }
                if (otherText < 0 && !leaves.speakOfTheirEntry()) {
                    otherText = range.size();
                }
                range.append(leaves.hash());
            }
        }
        if (range.size() != signed.size()) {
            throw new Disagreement(
                    "it ends at " + range.size() + " entries, its checkpoint speaks of " + signed.size());
        }
        // First of all the leaves: only of those that were signed it is worth asking what they speak of.
        if (!range.root().equals(signed.root())) {
            throw new Disagreement("its " + signed.size() + " entries have the root " + range.root()
                    + ", the checkpoint says " + signed.root() + changedEntry(copy, signed));
        }
        if (otherText >= 0) {
            throw new Disagreement("what entry " + otherText + " says is not what its leaf speaks of");
        }
    }

    /// Names the first entry that is not the one in the tiles, if the tile's leads to the signed root.
    private String changedEntry(Connection copy, Checkpoint signed) throws SQLException {
        var tiles = new TileReader(path -> blobs.get(TILES, path), signed.size());
        try (var leaves = new Leaves(copy, signed.size())) {
            while (leaves.next()) {
                long index = leaves.index();
                var logged = tiles.hash(0, index);
                if (!leaves.hash().equals(logged)) {
                    Proofs.checkInclusion(index, signed.size(), logged, tiles.inclusion(index), signed.root());
                    return "; entry " + index + " is not the one that was logged";
                }
            }
            return "";
        } catch (TlogException | BlobStorageAway unknown) {
            return "";
        }
    }

    private ProvenLog.Anchor anchor(Checkpoint signed) {
        Optional<byte[]> anchor;
        try {
            anchor = blobs.get(ANCHORS, signed.origin() + "/%020d".formatted(signed.size()));
        } catch (BlobStorageAway e) {
            return ProvenLog.Anchor.UNREADABLE;
        }
        if (anchor.isEmpty()) {
            return ProvenLog.Anchor.MISSING;
        }
        var anchored = SignedCheckpoint.open(new String(anchor.get(), StandardCharsets.UTF_8), keys)
                .checkpoint();
        if (!anchored.equals(signed)) {
            throw new Disagreement(
                    "another tree is anchored at size " + signed.size() + ", with the root " + anchored.root());
        }
        return ProvenLog.Anchor.AGREES;
    }

    /// The leaves of a log below its size, one after the other.
    private static final class Leaves implements AutoCloseable {

        private final PreparedStatement statement;
        private final long size;
        private @Nullable ResultSet rows;
        private long read;

        Leaves(Connection copy, long size) throws SQLException {
            this.statement = copy.prepareStatement(LEAVES);
            this.size = size;
        }

        boolean next() throws SQLException {
            while (rows == null || !rows.next()) {
                if (read >= size) {
                    return false;
                }
                statement.setLong(1, read);
                read = Math.min(size, read + AT_ONCE);
                statement.setLong(2, read);
                rows = statement.executeQuery();
            }
            return true;
        }

        long index() throws SQLException {
            return row().getLong(1);
        }

        Hash hash() throws SQLException {
            return Hash.leaf(row().getBytes(2));
        }

        /// Whether the leaf is about the entry beside it, and about what that entry says where its time is not over.
        boolean speakOfTheirEntry() throws SQLException {
            try {
                var leaf = AuditLeaf.parse(row().getBytes(2));
                byte[] ciphertext = row().getBytes(4);
                return leaf.source().equals(row().getObject(3, UUID.class))
                        && (ciphertext == null || leaf.ciphertextHash().isAt(ciphertext, 0));
            } catch (MalformedException e) {
                return false;
            }
        }

        private ResultSet row() {
            return Objects.requireNonNull(rows, "there is a leaf after next() only");
        }

        @Override
        public void close() throws SQLException {
            statement.close();
        }
    }

    private static final class Disagreement extends RuntimeException {

        Disagreement(String message) {
            super(message);
        }
    }
}
