package dk.elleve.tlog;

import java.util.Collection;
import java.util.List;

/// A checkpoint whose signatures have been checked; there is no other way to get one.
public final class SignedCheckpoint {

    private final Checkpoint checkpoint;
    private final Note note;
    private final List<NoteSignature> verified;

    private SignedCheckpoint(Checkpoint checkpoint, Note note, List<NoteSignature> verified) {
        this.checkpoint = checkpoint;
        this.note = note;
        this.verified = verified;
    }

    /// The log itself must have signed: a trusted Ed25519 key that is named as the origin. Trusted witnesses
    /// need not have, but what they signed must verify.
    ///
    /// @param trusted keys of logs and witnesses
    public static SignedCheckpoint open(String note, Collection<VerifierKey> trusted) {
        return open(Note.parse(note), trusted, 1);
    }

    static SignedCheckpoint open(Note note, Collection<VerifierKey> trusted, int firstLine) {
        var checkpoint = Checkpoint.parse(note.text(), firstLine);
        var verified = note.verify(trusted);
        boolean byTheLog = trusted.stream()
                .filter(key -> key.type() == SignatureType.ED25519 && key.name().equals(checkpoint.origin()))
                .anyMatch(key -> verified.stream().anyMatch(key::names));
        if (!byTheLog) {
            throw new VerificationException(
                    "the checkpoint of '" + checkpoint.origin() + "' is not signed by a trusted key of that name");
        }
        return new SignedCheckpoint(checkpoint, note, verified);
    }

    public Checkpoint checkpoint() {
        return checkpoint;
    }

    public Note note() {
        return note;
    }

    /// The signatures that hold: the log's, and those of trusted witnesses.
    public List<NoteSignature> verified() {
        return verified;
    }

    /// Signatures of keys that are not trusted here, and so were not checked.
    public List<NoteSignature> unchecked() {
        return note.signatures().stream()
                .filter(signature -> !verified.contains(signature))
                .toList();
    }
}
