package dk.elleve.tlog;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// An offline proof that an entry is in a log (c2sp.org/tlog-proof@v1, file extension `.tlog-proof`): the
/// entry's index, its path, and the checkpoint with all signatures.
///
/// The `extra` line of proofs of this house holds the logged entry itself, base64: file and trusted key are
/// then all a verifier needs. The line is not signed; what it holds counts because its leaf hash leads to the
/// signed root.
///
/// @param index unsigned
/// @param checkpoint the signed note as it stands
public record TlogProof(Optional<Extra> extra, long index, List<Hash> path, String checkpoint) {

    static final String HEADER = "c2sp.org/tlog-proof@v1";

    private static final String EXTRA = "extra ";
    private static final String INDEX = "index ";

    /// Bytes that compare by content.
    public record Extra(byte[] bytes) {

        public Extra {
            bytes = bytes.clone();
        }

        @Override
        public byte[] bytes() {
            return bytes.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Extra that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }

    public TlogProof {
        path = List.copyOf(path);
        if (path.size() > Proofs.LONGEST_PATH) {
            throw new MalformedException("a path of " + path.size() + " hashes is longer than any tree is high");
        }
        if (checkpoint.isEmpty()) {
            throw new MalformedException("the proof ends without a checkpoint");
        }
    }

    /// The proof of an entry, with the entry in it.
    public static TlogProof of(byte[] entry, long index, List<Hash> path, Note checkpoint) {
        return new TlogProof(Optional.of(new Extra(entry)), index, path, checkpoint.format());
    }

    public static TlogProof parse(byte[] file) {
        return parse(Strict.utf8(file, "the proof"));
    }

    public static TlogProof parse(String file) {
        var lines = new Lines(file);
        if (!lines.next().equals(HEADER)) {
            throw new MalformedException("line 1 of a proof must be '" + HEADER + "'");
        }
        String line = lines.next();
        Optional<Extra> extra = Optional.empty();
        if (line.startsWith(EXTRA)) {
            extra = Optional.of(
                    new Extra(Strict.base64(line.substring(EXTRA.length()), lines.place("what follows 'extra'"))));
            line = lines.next();
        }
        if (!line.startsWith(INDEX)) {
            throw new MalformedException("line " + lines.number + " of the proof must start with 'index '");
        }
        long index = Strict.unsigned(line.substring(INDEX.length()), lines.place("the index"));
        var path = new ArrayList<Hash>();
        for (line = lines.next(); !line.isEmpty(); line = lines.next()) {
            if (path.size() == Proofs.LONGEST_PATH) {
                throw new MalformedException("the path has more than " + Proofs.LONGEST_PATH + " hashes");
            }
            path.add(Hash.parse(line, lines.place("path hash " + (path.size() + 1))));
        }
        return new TlogProof(extra, index, path, lines.rest());
    }

    public String format() {
        var file = new StringBuilder(HEADER).append('\n');
        extra.ifPresent(bytes -> file.append(EXTRA)
                .append(Base64.getEncoder().encodeToString(bytes.bytes()))
                .append('\n'));
        file.append(INDEX).append(Long.toUnsignedString(index)).append('\n');
        path.forEach(hash -> file.append(hash.base64()).append('\n'));
        return file.append('\n').append(checkpoint).toString();
    }

    /// That the entry stands at this index in the log whose key is trusted.
    ///
    /// @return the checkpoint it is proved by
    /// @throws TlogException if anything does not hold
    public SignedCheckpoint verify(byte[] entry, Collection<VerifierKey> trusted) {
        return verify(Hash.leaf(entry), trusted);
    }

    public SignedCheckpoint verify(Hash leaf, Collection<VerifierKey> trusted) {
        var signed = SignedCheckpoint.open(Note.parse(checkpoint, checkpointLine()), trusted, checkpointLine());
        Proofs.checkInclusion(
                index,
                signed.checkpoint().size(),
                leaf,
                path,
                signed.checkpoint().root());
        return signed;
    }

    /// The number of the checkpoint's first line in the file.
    int checkpointLine() {
        return pathLine() + path.size() + 1;
    }

    /// The number of the line of the first path hash.
    int pathLine() {
        return extra.isPresent() ? 4 : 3;
    }

    private static final class Lines {
        private final String file;
        private int at;
        private int number;

        Lines(String file) {
            this.file = file;
        }

        String next() {
            int end = file.indexOf('\n', at);
            if (end < 0) {
                throw new MalformedException("the proof breaks off in line " + (number + 1));
            }
            String line = file.substring(at, end);
            at = end + 1;
            number++;
            return line;
        }

        String rest() {
            return file.substring(at);
        }

        String place(String what) {
            return "line " + number + ", " + what + ",";
        }
    }
}
