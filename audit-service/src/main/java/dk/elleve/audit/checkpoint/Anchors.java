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

/// Every checkpoint that was ever shown, in the blob container `log-anchor`, which in production is
/// write-once. The name is the size in 20 digits, so that the newest is the last.
@Component
class Anchors {

    static final String CONTAINER = "log-anchor";

    private final BlobStore blobs;
    private final LogKey key;

    Anchors(BlobStore blobs, LogKey key) {
        this.blobs = blobs;
        this.key = key;
    }

    /// The newest anchor of a size greater than this, if there is one.
    ///
    /// There is an anchor for nearly every second of the log's life, so they are not all listed: a
    /// greater number of as many digits has the same digits up to some place, a greater digit
    /// there, and anything after.
    Optional<TreeHead> beyond(long size) {
        var digits = digits(size);
        for (int place = 0; place < digits.length(); place++) {
            for (char digit = '9'; digit > digits.charAt(place); digit--) {
                var names = blobs.list(CONTAINER, prefix() + digits.substring(0, place) + digit);
                if (!names.isEmpty()) {
                    return Optional.of(read(names.getLast()));
                }
            }
        }
        return Optional.empty();
    }

    /// The anchor of exactly this size.
    Optional<TreeHead> of(long size) {
        var name = prefix() + digits(size);
        return blobs.list(CONTAINER, name).isEmpty() ? Optional.empty() : Optional.of(read(name));
    }

    /// @throws LogDamaged if another tree of this size is anchored already
    void keep(TreeHead head, Note note) {
        var name = prefix() + digits(head.size());
        if (!blobs.putIfAbsent(CONTAINER, name, note.bytes()) && !read(name).equals(head)) {
            throw new LogDamaged("Another tree of size " + head.size() + " is anchored already");
        }
    }

    /// The bytes of the anchor of this size.
    Optional<byte[]> note(long size) {
        return blobs.get(CONTAINER, prefix() + digits(size));
    }

    /// Keeps the time stamp of an anchor, unless it has an older one: that says more.
    void keepStamp(long size, byte[] stamp) {
        blobs.putIfAbsent(CONTAINER, stampName(size), stamp);
    }

    Optional<byte[]> stamp(long size) {
        return blobs.get(CONTAINER, stampName(size));
    }

    /// The sizes of all anchors that have a time stamp, the smallest first.
    List<Long> stamped() {
        return blobs.list(CONTAINER, stampPrefix()).stream()
                .map(name -> name.substring(
                        stampPrefix().length(),
                        stampPrefix().length() + digits(0).length()))
                .map(Long::valueOf)
                .toList();
    }

    private String stampName(long size) {
        return stampPrefix() + digits(size) + ".tsr";
    }

    /// Not under the anchors' own prefix, where the last name is the newest anchor.
    private String stampPrefix() {
        return "timestamp/" + prefix();
    }

    private static String digits(long size) {
        return "%020d".formatted(size);
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
