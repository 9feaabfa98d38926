package dk.elleve.backup;

import dk.elleve.kit.blob.AzureBlobStore;
import dk.elleve.kit.blob.BlobStore;
import dk.elleve.kit.test.Rig;
import dk.elleve.kit.test.part.ProjectRoot;
import dk.elleve.tlog.AuditLeaf;
import dk.elleve.tlog.Checkpoint;
import dk.elleve.tlog.Hash;
import dk.elleve.tlog.SignerKey;
import dk.elleve.tlog.TileWriter;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import org.flywaydb.core.Flyway;

/// A database with an audit log in it as audit-service leaves it: its own tables, entries, leaves, a checkpoint that
/// was signed, tiles and anchor in blob storage.
public final class SignedLog {

    /// More than one tile, and not a whole number of them.
    public static final int SIZE = 300;

    /// The entry whose text was kept for its time and no longer.
    public static final int EXPIRED = 7;

    private final String database;
    private final SignerKey key;
    private final Hash root;

    private SignedLog(String database, SignerKey key, Hash root) {
        this.database = database;
        this.key = key;
        this.root = root;
    }

    public static SignedLog in(String database, SignerKey key) throws SQLException {
        BackupRig.database(database);
        BackupRig.sql(database, "CREATE SCHEMA data", "CREATE SCHEMA kit");
        Flyway.configure()
                .dataSource(Rig.postgres().superuser(database))
                .locations(
                        "classpath:db/kit",
                        "filesystem:" + ProjectRoot.find().resolve("audit-service/src/main/resources/db/migration"))
                .defaultSchema("kit")
                .schemas("kit")
                .outOfOrder(true)
                .load()
                .migrate();
        var tiles = TileWriter.empty();
        write(database, tiles);
        var log = new SignedLog(database, key, tiles.root());
        tiles.flush().forEach(tile -> blobs().put("log", tile.path(), tile.bytes()));
        log.anchor(log.root);
        try (var connection = Rig.postgres().superuser(database).getConnection();
                var shown = connection.prepareStatement("""
                        UPDATE data.promise
                        SET signed_size = ?, signed_root = ?, published_size = ?, note = ?, published_at = now()
                        """)) {
            shown.setLong(1, SIZE);
            shown.setBytes(2, log.root.bytes());
            shown.setLong(3, SIZE);
            shown.setString(4, log.note(log.root));
            shown.executeUpdate();
        }
        return log;
    }

    public static BlobStore blobs() {
        return new AzureBlobStore(Rig.azurite().connectionString());
    }

    public String database() {
        return database;
    }

    public String origin() {
        return key.verifier().name();
    }

    public Hash root() {
        return root;
    }

    /// Says in the anchors that the tree of the log's size has this root.
    public void anchor(Hash other) {
        blobs().put("log-anchor", anchorName(), note(other).getBytes(StandardCharsets.UTF_8));
    }

    public void loseAnchor() {
        blobs().delete("log-anchor", anchorName());
    }

    private String anchorName() {
        return origin() + "/00000000000000000300";
    }

    private String note(Hash of) {
        return new Checkpoint(origin(), SIZE, of).sign(key).format();
    }

    private static void write(String database, TileWriter tiles) throws SQLException {
        try (var connection = Rig.postgres().superuser(database).getConnection();
                var entry = connection.prepareStatement("""
                        INSERT INTO data.entry (event_id, kind, flags, marks, time, under_tenant_key, key_id, pseudonym,
                                                payload, ciphertext_hash, commitment, actor_index, resource_index,
                                                table_index)
                        VALUES (?, 'insert', '{}', '{}', ?, false, ?, ?, ?, ?, ?, '', '', '')
                        """);
                var leaf = connection.prepareStatement("""
                        INSERT INTO data.leaf (index, entry_id, event_id, kind, flags, time, actor_index, resource_index,
                                               table_index, bytes)
                        SELECT ?, id, event_id, kind, flags, time, '', '', '', ?
                        FROM data.entry
                        WHERE event_id = ?
                        """)) {
            for (var each : leaves()) {
                long index = tiles.append(each.bytes());
                entry.setObject(1, each.source());
                entry.setObject(2, each.committed().atOffset(ZoneOffset.UTC));
                entry.setObject(3, each.keyId());
                entry.setBytes(4, each.tenant().bytes());
                entry.setBytes(5, index == EXPIRED ? null : text(index));
                entry.setBytes(6, each.ciphertextHash().bytes());
                entry.setBytes(7, each.commitment().bytes());
                entry.addBatch();
                leaf.setLong(1, index);
                leaf.setBytes(2, each.bytes());
                leaf.setObject(3, each.source());
                leaf.addBatch();
            }
            entry.executeBatch();
            leaf.executeBatch();
        }
    }

    private static List<AuditLeaf> leaves() {
        return LongStream.range(0, SIZE).mapToObj(SignedLog::leaf).toList();
    }

    private static AuditLeaf leaf(long index) {
        return new AuditLeaf(
                AuditLeaf.Kind.ROW_INSERTED,
                Set.of(AuditLeaf.Flag.ATTRIBUTED),
                Hash.sha256(new byte[] {1}),
                index + 1,
                index - 1,
                Instant.parse("2026-11-29T12:00:00Z").plusSeconds(index),
                new UUID(1, index),
                new UUID(2, 1),
                Hash.sha256(text(index)),
                Hash.sha256(new byte[] {2}, text(index)));
    }

    private static byte[] text(long index) {
        return ("sealed " + index).getBytes(StandardCharsets.UTF_8);
    }
}
