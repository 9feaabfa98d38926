package dk.elleve.tlog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Says *what* was changed in a proof file that does not verify.
///
/// The mathematics only says that leaf, path and root do not fit together. But the whole is checked so fast
/// that every change of one character can be tried the other way round: the one that makes everything fit is
/// the one that was made. With two changes or more the answer is as wide as what is known.
final class Diagnosis {

    /// Entries longer than this are not searched for the changed byte.
    private static final int LONGEST_SEARCHED = 4096;

    private final TlogProof proof;
    private final byte[] entry;
    private final boolean entryFromFile;

    /// @param entryFromFile whether the entry came from a file of its own and not from the proof's `extra` line
    Diagnosis(TlogProof proof, byte[] entry, boolean entryFromFile) {
        this.proof = proof;
        this.entry = entry;
        this.entryFromFile = entryFromFile;
    }

    // The signature holds, so size and root are true; entry, index and path are not all.

    String ofInclusion(Checkpoint signed) {
        long size = signed.size();
        Predicate<Hash> isRoot = signed.root()::equals;
        Optional<String> changed = changedIndex(size, isRoot);
        if (changed.isPresent()) {
            return changed.get();
        }
        int needed = pathLength(proof.index(), size);
        if (Long.compareUnsigned(proof.index(), size) >= 0) {
            return "the index (line " + indexLine() + ") is " + Long.toUnsignedString(proof.index())
                    + ", the signed tree has " + Long.toUnsignedString(size) + " entries";
        }
        if (proof.path().size() != needed) {
            return "the path has " + proof.path().size() + " hashes, entry " + Long.toUnsignedString(proof.index())
                    + " in a tree of " + Long.toUnsignedString(size) + " needs " + needed
                    + ": hashes were removed or added";
        }
        return changedPathHash(size, isRoot)
                .or(() -> changedEntry(size, isRoot))
                .orElse("leaf hash does not match: " + place() + " is not what was logged at index "
                        + Long.toUnsignedString(proof.index())
                        + ", or several characters of its path (lines " + proof.pathLine() + " to "
                        + (proof.pathLine() + proof.path().size() - 1) + ") were changed");
    }

    private Optional<String> changedIndex(long size, Predicate<Hash> isRoot) {
        return oneDigitChanged(proof.index())
                .filter(index -> root(index, size, proof.path()).filter(isRoot).isPresent())
                .map(index -> "the index (line " + indexLine() + ") was changed: it says "
                        + Long.toUnsignedString(proof.index()) + ", leaf and path belong to "
                        + Long.toUnsignedString(index))
                .findFirst();
    }

    private Optional<String> changedPathHash(long size, Predicate<Hash> isRoot) {
        for (int i = 0; i < proof.path().size(); i++) {
            byte[] hash = proof.path().get(i).bytes();
            var climb = new Climb(proof.index(), size, Hash.leaf(entry), proof.path(), i);
            int changed = search(hash, candidate -> isRoot.test(climb.rootWith(Hash.of(candidate))));
            if (changed >= 0) {
                return Optional.of("path hash " + (i + 1) + " of "
                        + proof.path().size() + " (line " + (proof.pathLine() + i) + ") was changed at character "
                        + (changed / 6 + 1) + "; with it as it was everything fits");
            }
        }
        return Optional.empty();
    }

    private Optional<String> changedEntry(long size, Predicate<Hash> isRoot) {
        if (entry.length > LONGEST_SEARCHED) {
            return Optional.empty();
        }
        var climb = new Climb(proof.index(), size, Hash.EMPTY_ROOT, proof.path(), -1);
        int changed = search(entry, candidate -> isRoot.test(climb.rootFrom(Hash.leaf(candidate))));
        return changed < 0
                ? Optional.empty()
                : Optional.of("leaf hash does not match: the leaf bytes were changed, " + place() + ", byte "
                        + changed / 8 + character(changed) + "; with it as it was everything fits");
    }

    /// Where the changed bit stands in the line that carries the leaf.
    private String character(int bit) {
        return entryFromFile ? "" : ", character " + ("extra ".length() + bit / 6 + 1);
    }

    private String place() {
        return entryFromFile ? "the leaf file" : "the leaf in line 2";
    }

    private int indexLine() {
        return proof.pathLine() - 1;
    }

    // The signature does not hold: text or signature was changed.

    /// @param note the checkpoint, parsed; its text is a checkpoint Empty where nothing is known beyond what
    /// the check itself said.
    static Optional<String> ofSignature(
            Note note,
            Checkpoint checkpoint,
            int firstLine,
            Collection<VerifierKey> trusted,
            Optional<Diagnosis> proof) {
        for (var key : trusted) {
            for (int i = 0; i < note.signatures().size(); i++) {
                var signature = note.signatures().get(i);
                int line = signatureLine(note, firstLine, i);
                if (key.names(signature) && !key.verifies(note.text(), signature)) {
                    return Optional.of("signature of key " + key.id() + " (line " + line + ") does not verify: "
                            + why(signature, checkpoint, firstLine, line, key, proof));
                }
            }
        }
        return renamed(note, firstLine, trusted);
    }

    /// A signature that a trusted key made, under another name or key id: for the reader of a note one of an
    /// unknown key, to be ignored, and so the one place where a changed character would go unseen.
    static Optional<String> renamed(Note note, int firstLine, Collection<VerifierKey> trusted) {
        for (var key : trusted) {
            for (int i = 0; i < note.signatures().size(); i++) {
                var signature = note.signatures().get(i);
                boolean sameName = key.name().equals(signature.keyName());
                boolean sameId = key.keyId() == signature.keyId();
                if (sameName != sameId && restored(signature, key).anyMatch(was -> key.verifies(note.text(), was))) {
                    return Optional.of("the " + (sameName ? "key id" : "key name") + " of the signature in line "
                            + signatureLine(note, firstLine, i) + " was changed: it is that of key " + key.id());
                }
            }
        }
        return Optional.empty();
    }

    /// What the signature may have been if it is this key's. One base64 character holds the last two bits of
    /// the key id and the first four of the signature: where those two bits differ, the four may too.
    private static Stream<NoteSignature> restored(NoteSignature signature, VerifierKey key) {
        boolean sharedCharacter = (signature.keyId() ^ key.keyId()) >>> 2 == 0;
        return IntStream.range(0, sharedCharacter ? 16 : 1).mapToObj(bits -> {
            byte[] made = signature.signature();
            made[0] ^= (byte) (bits << 4);
            return new NoteSignature(key.name(), key.keyId(), made);
        });
    }

    private static String why(
            NoteSignature signature,
            Checkpoint checkpoint,
            int firstLine,
            int line,
            VerifierKey key,
            Optional<Diagnosis> proof) {
        Predicate<Checkpoint> holds = candidate -> key.verifies(candidate.text(), signature);
        if (holds.test(with(checkpoint, key.name(), checkpoint.size(), checkpoint.root()))) {
            return "the origin (line " + firstLine + ") was changed: it says '" + checkpoint.origin()
                    + "', signed was '" + key.name() + "'";
        }
        var size = oneDigitChanged(checkpoint.size())
                .filter(candidate -> candidate != 0)
                .filter(candidate -> holds.test(with(checkpoint, checkpoint.origin(), candidate, checkpoint.root())))
                .findFirst();
        if (size.isPresent()) {
            return "the size (line " + (firstLine + 1) + ") was changed: it says "
                    + Long.toUnsignedString(checkpoint.size()) + ", signed was " + Long.toUnsignedString(size.get());
        }
        var computed = proof.flatMap(it -> it.root(it.proof.index(), checkpoint.size(), it.proof.path()));
        if (computed.isEmpty()) {
            return "the text above it or the signature was changed";
        }
        if (computed.get().equals(checkpoint.root())) {
            return "leaf, path, size and root fit together, so the signature itself was changed";
        }
        if (checkpoint.size() != 0
                && holds.test(with(checkpoint, checkpoint.origin(), checkpoint.size(), computed.get()))) {
            return "the root (line " + (firstLine + 2) + ") was changed: leaf and path lead to " + computed.get()
                    + ", which the signature confirms";
        }
        return "the text above it or the signature (line " + line
                + ") was changed, and leaf and path do not lead to the root either";
    }

    private static Checkpoint with(Checkpoint checkpoint, String origin, long size, Hash root) {
        return new Checkpoint(origin, size, root, checkpoint.extensions());
    }

    private static int signatureLine(Note note, int firstLine, int number) {
        return firstLine + (int) note.text().chars().filter(c -> c == '\n').count() + 1 + number;
    }

    // Searching

    private Optional<Hash> root(long index, long size, List<Hash> path) {
        try {
            return Optional.of(Proofs.rootOf(index, size, Hash.leaf(entry), path));
        } catch (VerificationException e) {
            return Optional.empty();
        }
    }

    /// Tries every change of one base64 character and of one byte.
    ///
    /// @return the first bit of the change that fits, or -1
    private static int search(byte[] bytes, Predicate<byte[]> fits) {
        byte[] candidate = bytes.clone();
        for (int at = 0; at < bytes.length; at++) {
            for (int mask = 1; mask < 256; mask++) {
                candidate[at] = (byte) (bytes[at] ^ mask);
                if (fits.test(candidate)) {
                    return at * 8 + Integer.numberOfLeadingZeros(mask) - 24;
                }
            }
            candidate[at] = bytes[at];
        }
        // Characters that lie across two bytes; the others were tried above.
        for (int bit = 0; bit / 8 + 1 < bytes.length; bit += 6) {
            int at = bit / 8;
            int shift = 10 - bit % 8;
            if (shift >= 8) {
                continue;
            }
            for (int mask = 1; mask < 64; mask++) {
                candidate[at] = (byte) (bytes[at] ^ mask << shift >>> 8);
                candidate[at + 1] = (byte) (bytes[at + 1] ^ mask << shift);
                if (fits.test(candidate)) {
                    return bit + Integer.numberOfLeadingZeros(mask) - 26;
                }
            }
            candidate[at] = bytes[at];
            candidate[at + 1] = bytes[at + 1];
        }
        return -1;
    }

    private static Stream<Long> oneDigitChanged(long number) {
        var digits = Long.toUnsignedString(number);
        var candidates = new ArrayList<Long>();
        for (int i = 0; i < digits.length(); i++) {
            for (char digit = i == 0 && digits.length() > 1 ? '1' : '0'; digit <= '9'; digit++) {
                if (digit != digits.charAt(i)) {
                    try {
                        candidates.add(
                                Long.parseUnsignedLong(digits.substring(0, i) + digit + digits.substring(i + 1)));
                    } catch (NumberFormatException e) {
                        // Beyond 64 bits: was never written.
                    }
                }
            }
        }
        return candidates.stream();
    }

    /// How long the path of a leaf is: inside the last perfect subtree it shares with the last leaf every level
    /// counts, above it only those where something stands to the left.
    private static int pathLength(long index, long size) {
        int inner = 64 - Long.numberOfLeadingZeros(index ^ (size - 1));
        return inner + (inner == 64 ? 0 : Long.bitCount(index >>> inner));
    }

    /// The way up a tree with one hash left open, so that a candidate costs only the part above it. The path
    /// fits index and size.
    private static final class Climb {
        private final List<Hash> path;
        private final boolean[] fromLeft;
        private final int open;
        private final Hash below;

        /// @param open number of the path hash left open, or -1 for the leaf
        Climb(long index, long size, Hash leaf, List<Hash> path, int open) {
            this.path = path;
            this.open = open;
            this.fromLeft = new boolean[path.size()];
            int inner = 64 - Long.numberOfLeadingZeros(index ^ (size - 1));
            for (int i = 0; i < fromLeft.length; i++) {
                fromLeft[i] = i >= inner || (index >>> i & 1) == 1;
            }
            this.below = climb(leaf, 0, Math.max(open, 0));
        }

        Hash rootWith(Hash candidate) {
            return climb(join(below, candidate, fromLeft[open]), open + 1, path.size());
        }

        Hash rootFrom(Hash leaf) {
            return climb(leaf, 0, path.size());
        }

        private Hash climb(Hash start, int from, int to) {
            var hash = start;
            for (int i = from; i < to; i++) {
                hash = join(hash, path.get(i), fromLeft[i]);
            }
            return hash;
        }

        private static Hash join(Hash hash, Hash sibling, boolean siblingIsLeft) {
            return siblingIsLeft ? Hash.node(sibling, hash) : Hash.node(hash, sibling);
        }
    }
}
