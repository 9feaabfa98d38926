package dk.elleve.audit.checkpoint;

import dk.elleve.audit.log.LogDamaged;
import dk.elleve.audit.log.LogTiles;
import dk.elleve.audit.log.Sequencer;
import dk.elleve.audit.log.TreeHead;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Topic;
import dk.elleve.contracts.audit.AuditEvent.CheckpointPublished;
import dk.elleve.kit.blob.BlobStore;
import dk.elleve.kit.outbox.Outbox;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.tlog.Checkpoint;
import dk.elleve.tlog.Proofs;
import dk.elleve.tlog.TileReader;
import dk.elleve.tlog.TlogException;
import java.time.Clock;
import java.util.Optional;
import org.springframework.stereotype.Component;

/// Signs and shows the tree, in the only order that keeps the promise: prove that it continues what was signed, keep
/// durably that it may now be signed, sign, anchor, have it cosigned, show, tell.
@Component
public final class Publisher {

    /// @param note the whole signed note
    public record Published(long size, String note) {}

    private static final Actor ACTOR = Actor.system("audit/checkpoints");

    private final Sequencer sequencer;
    private final LogTiles tiles;
    private final CheckpointStore store;
    private final Anchors anchors;
    private final Witnesses witnesses;
    private final LogKey key;
    private final BlobStore blobs;
    private final Transactions transactions;
    private final Outbox outbox;
    private final Clock clock;
    private final CheckpointProperties properties;
    private TreeHead seen = TreeHead.EMPTY;

    Publisher(
            Sequencer sequencer,
            LogTiles tiles,
            CheckpointStore store,
            Anchors anchors,
            Witnesses witnesses,
            LogKey key,
            BlobStore blobs,
            Transactions transactions,
            Outbox outbox,
            Clock clock,
            CheckpointProperties properties) {
        this.sequencer = sequencer;
        this.tiles = tiles;
        this.store = store;
        this.anchors = anchors;
        this.witnesses = witnesses;
        this.key = key;
        this.blobs = blobs;
        this.transactions = transactions;
        this.outbox = outbox;
        this.clock = clock;
        this.properties = properties;
    }

    /// What was last shown; empty while the log is young.
    public Optional<Published> published() {
        var promise = transactions.read(Scope.platform(), store::promise);
        return promise.note() == null
                ? Optional.empty()
                : Optional.of(new Published(promise.publishedSize(), promise.note()));
    }

    /// That this database is not older than what the world has seen: a database that was restored from a backup would
    /// give other entries to indexes that are taken.
    ///
    /// @throws LogDamaged if it is older, or another log
    void checkAgainstAnchors() {
        var promise = transactions.read(Scope.platform(), store::promise);
        var ahead = anchors.beyond(promise.signed().size());
        // Another instance may have signed and anchored since the promise was read.
        long signed =
                transactions.read(Scope.platform(), store::promise).signed().size();
        if (ahead.isPresent() && ahead.get().size() > signed) {
            throw new LogDamaged(
                    "A checkpoint of size " + ahead.get().size() + " is anchored, this database has signed " + signed
                            + ": it is older than what was shown, restored from a backup?");
        }
        var head = sequencer.integrated();
        requireContinues(promise.signed(), head);
        if (promise.publishedSize() > 0) {
            requireContinues(
                    anchors.of(promise.publishedSize())
                            .orElseThrow(
                                    () -> new LogDamaged("The anchor of size " + promise.publishedSize() + " is gone")),
                    head);
        }
    }

    /// Signs and shows the tree if it has grown, or if what is shown has become old.
    ///
    /// @throws LogDamaged if it does not continue what was signed: then nothing is signed
    void publish() {
        var promise = transactions.read(Scope.platform(), store::promise);
        var head = sequencer.integrated();
        // The database may be put back while this process runs; what it has seen stays true.
        requireContinues(seen, promise.signed());
        seen = promise.signed();
        boolean grown = head.size() > promise.publishedSize();
        boolean old = promise.publishedAt() != null
                && !clock.instant().isBefore(promise.publishedAt().plus(properties.republish()));
        if (head.size() == 0 || !(grown || old)) {
            return;
        }
        requireContinues(promise.signed(), head);
        if (head.size() > promise.signed().size()
                && !transactions.write(Scope.platform(), ACTOR, () -> store.sign(promise.signed(), head))) {
            return; // another instance signs now
        }
        seen = head;
        // A crash from here on leaves a size that is signed and not shown: the next round signs the same again.
        var signed = new Checkpoint(key.origin(), head.size(), head.root()).sign(key.signer());
        anchors.keep(head, signed);
        var note = witnesses.cosigned(signed);
        transactions.run(Scope.platform(), ACTOR, () -> {
            // One instance at a time, and none after another has signed a larger tree: what is shown never shrinks.
            if (!store.mayShow(head)) {
                return;
            }
            blobs.put(LogTiles.CONTAINER, "checkpoint", note.bytes());
            var now = clock.instant();
            if (store.published(head.size(), note.format(), now)) {
                outbox.add(
                        Topic.AUDIT_CHECKPOINTS,
                        key.origin(),
                        null,
                        new CheckpointPublished(key.origin(), head.size(), note.format(), now));
            }
        });
    }

    private void requireContinues(TreeHead old, TreeHead now) {
        if (old.size() == 0 || old.equals(now)) {
            return;
        }
        if (old.size() > now.size()) {
            throw new LogDamaged("Size " + old.size() + " was signed, the stored log ends at " + now.size());
        }
        try {
            var proof = new TileReader(tiles, now.size()).consistency(old.size());
            Proofs.checkConsistency(old.size(), old.root(), now.size(), now.root(), proof);
        } catch (TlogException inconsistent) {
            throw new LogDamaged(
                    "The log of size " + now.size() + " does not continue the one signed at size " + old.size(),
                    inconsistent);
        }
    }
}
