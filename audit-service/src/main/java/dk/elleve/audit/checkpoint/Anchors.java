package dk.elleve.audit.checkpoint;

import dk.elleve.audit.log.LogDamaged;
import dk.elleve.audit.log.TreeHead;
import dk.elleve.kit.blob.BlobStore;
import dk.elleve.tlog.Note;
import dk.elleve.tlog.SignedCheckpoint;
import dk.elleve.tlog.TlogException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/// Every checkpoint that was ever shown, in the blob container `log-anchor`, which in production is write-once. The
/// name is the size in 20 digits, so that the newest is the last.
@Component
class Anchors {

    static final String CONTAINER = "log-anchor";

    private final BlobStore blobs;
    private final LogKey key;

    Anchors(BlobStore blobs, LogKey key) {
        this.blobs = blobs;
        this.key = key;
    }

    Optional<TreeHead> newest() {
        var names = blobs.list(CONTAINER, prefix());
        return names.isEmpty() ? Optional.empty() : Optional.of(read(names.getLast()));
    }

    /// @throws LogDamaged if another tree of this size is anchored already
    void keep(TreeHead head, Note note) {
        var name = prefix() + "%020d".formatted(head.size());
        if (!blobs.putIfAbsent(CONTAINER, name, note.bytes()) && !read(name).equals(head)) {
            throw new LogDamaged("Another tree of size " + head.size() + " is anchored already");
        }
    }

    private String prefix() {
        return key.origin() + "/";
    }

    private TreeHead read(String name) {
        var bytes = blobs.get(CONTAINER, name)
                .orElseThrow(() -> new LogDamaged("The anchor " + name + " was listed and is gone"));
        try {
            var checkpoint = SignedCheckpoint.open(new String(bytes, StandardCharsets.UTF_8), List.of(key.verifier()))
                    .checkpoint();
            return new TreeHead(checkpoint.size(), checkpoint.root());
        } catch (TlogException wrong) {
            throw new LogDamaged("The anchor " + name + " is not signed by this log's key", wrong);
        }
    }
}
