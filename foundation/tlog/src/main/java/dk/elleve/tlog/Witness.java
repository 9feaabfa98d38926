package dk.elleve.tlog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Cosigns what logs say, as somebody else (c2sp.org/tlog-witness): a checkpoint only when it continues the one
/// cosigned last. A log that shows two histories to two readers then lacks the cosignature on one of them.
///
/// What was cosigned lies in a folder, one file a log, and is on disk before the cosignature leaves. The folder belongs
/// to one process at a time. A witness whose folder is lost has forgotten what it promised: give it a new key.
public final class Witness implements AutoCloseable {

    static final String ADD_CHECKPOINT = "add-checkpoint";

    /// The type of an answer that says how far the witness has cosigned, and nothing else.
    static final String SIZE_TYPE = "text/x.tlog.size";

    private static final String OLD = "old ";
    private static final Pattern ORIGIN_HASH = Pattern.compile("[0-9a-f]{64}");

    /// @param status of HTTP, as the specification gives them their meaning
    /// @param type the media type of the body
    public record Answer(int status, String type, String body) {

        private static Answer refused(int status, String why) {
            return new Answer(status, "text/plain; charset=utf-8", why + "\n");
        }
    }

    private final SignerKey key;
    private final List<VerifierKey> logs;
    private final Path folder;
    private final Clock clock;
    private final FileChannel lockFile;

    /// @param key a cosigner's
    /// @param logs the keys of the logs that are witnessed; the name of each is the log's origin
    /// @param folder where what was cosigned is kept; made when missing
    /// @throws MalformedException if the key is no cosigner's
    /// @throws IOException if another process has the folder, or it cannot be used
    public Witness(SignerKey key, Collection<VerifierKey> logs, Path folder, Clock clock) throws IOException {
        if (key.verifier().type() != SignatureType.COSIGNATURE_V1) {
            throw new MalformedException(key.verifier().id() + " is not a cosigner's key");
        }
        this.key = key;
        this.logs = List.copyOf(logs);
        this.folder = Files.createDirectories(folder);
        this.clock = clock;
        this.lockFile = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (lockFile.tryLock() == null) {
            lockFile.close();
            throw new IOException("another witness uses " + folder);
        }
    }

    public VerifierKey verifier() {
        return key.verifier();
    }

    /// Answers a request to cosign. Checking and keeping are one step: of two requests at once the second sees what
    /// the first left.
    ///
    /// @param body `old <size>`, a line for each hash of the consistency proof, an empty line, the checkpoint
    /// @return 200 with the cosignature; 400 badly written, or an old size beyond the new one; 403 no signature
    ///     of the log, or a wrong one; 404 no log of ours; 409 with the size cosigned last, if the old size is
    ///     another; 422 the new tree does not continue the old one
    public synchronized Answer add(byte[] body) throws IOException {
        Request request;
        Checkpoint checkpoint;
        try {
            request = Request.parse(Strict.utf8(body, "the request"));
            checkpoint = Checkpoint.parse(request.checkpointText());
        } catch (MalformedException wrong) {
            return Answer.refused(400, String.valueOf(wrong.getMessage()));
        }
        var keys = logs.stream()
                .filter(log -> log.name().equals(checkpoint.origin()))
                .toList();
        if (keys.isEmpty()) {
            return Answer.refused(
                    404,
                    "unknown log: this witness cosigns for "
                            + logs.stream().map(VerifierKey::name).distinct().toList());
        }
        List<NoteSignature> signatures;
        try {
            signatures = Note.parse(request.note()).verify(keys);
        } catch (TlogException wrong) {
            return Answer.refused(403, "invalid signature: " + wrong.getMessage());
        }
        if (Long.compareUnsigned(request.old(), checkpoint.size()) > 0) {
            return Answer.refused(400, "the old size is larger than the checkpoint's");
        }
        var last = last(checkpoint.origin());
        long size = last.map(Checkpoint::size).orElse(0L);
        if (request.old() != size) {
            return new Answer(409, SIZE_TYPE, Long.toUnsignedString(size) + "\n");
        }
        try {
            requireContinues(last.orElse(new Checkpoint(checkpoint.origin(), 0, Hash.EMPTY_ROOT)), checkpoint, request);
        } catch (TlogException wrong) {
            return Answer.refused(422, "the consistency proof does not hold: " + wrong.getMessage());
        }
        var cosignature = key.cosign(request.checkpointText(), clock.instant());
        keep(checkpoint.origin(), new Note(request.checkpointText(), signatures).with(cosignature));
        return new Answer(200, "text/plain; charset=utf-8", cosignature.line());
    }

    /// The checkpoint cosigned last, with the log's signature and ours.
    ///
    /// @param originHash SHA-256 of the log's origin, in hexadecimal digits
    public Optional<String> latest(String originHash) throws IOException {
        var file = folder.resolve(originHash);
        return ORIGIN_HASH.matcher(originHash).matches() && Files.exists(file)
                ? Optional.of(Files.readString(file))
                : Optional.empty();
    }

    static String hashOf(String origin) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Strict.utf8(origin)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private Optional<Checkpoint> last(String origin) throws IOException {
        return latest(hashOf(origin))
                .map(note -> Checkpoint.parse(Note.parse(note).text()));
    }

    private static void requireContinues(Checkpoint old, Checkpoint now, Request request) {
        boolean noProof = old.size() == 0 || old.size() == now.size();
        if (noProof && !request.proof().isEmpty()) {
            throw new VerificationException("from size " + Long.toUnsignedString(old.size()) + " to "
                    + Long.toUnsignedString(now.size()) + " it must be empty");
        }
        if (old.size() == 0) {
            return;
        }
        Proofs.checkConsistency(old.size(), old.root(), now.size(), now.root(), request.proof());
    }

    /// Whole or not at all, also when the machine loses its power.
    private void keep(String origin, Note cosigned) throws IOException {
        var file = folder.resolve(hashOf(origin));
        var unfinished = folder.resolve(hashOf(origin) + ".new");
        try (var channel = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            for (var bytes = ByteBuffer.wrap(cosigned.bytes()); bytes.hasRemaining(); ) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (var directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    @Override
    public void close() {
        try {
            lockFile.close(); // and with it the lock
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @param old the size the log believes was cosigned last
    /// @param note as it was sent; its signatures are read once it is clear whose they should be
    record Request(long old, List<Hash> proof, String note) {

        /// What the note's signatures are about.
        String checkpointText() {
            int divide = note.lastIndexOf("\n\n");
            if (divide < 0) {
                throw new MalformedException("the checkpoint has no empty line before its signatures");
            }
            return note.substring(0, divide + 1);
        }

        String format() {
            var text = new StringBuilder(OLD).append(Long.toUnsignedString(old)).append('\n');
            proof.forEach(hash -> text.append(hash.base64()).append('\n'));
            return text.append('\n').append(note).toString();
        }

        static Request parse(String body) {
            int line = body.indexOf('\n');
            if (line < 0 || !body.startsWith(OLD)) {
                throw new MalformedException("line 1 must be 'old ' and a size");
            }
            long old = Strict.unsigned(body.substring(OLD.length(), line), "the old size");
            var proof = new ArrayList<Hash>();
            for (int number = 2; ; number++) {
                int end = body.indexOf('\n', line + 1);
                if (end < 0) {
                    throw new MalformedException("there is no empty line between proof and checkpoint");
                }
                if (end == line + 1) {
                    return new Request(old, List.copyOf(proof), body.substring(end + 1));
                }
                if (proof.size() == Proofs.LONGEST_PATH) {
                    throw new MalformedException("the proof has more than " + Proofs.LONGEST_PATH + " hashes");
                }
                proof.add(Hash.parse(body.substring(line + 1, end), "line " + number + ", a hash of the proof,"));
                line = end;
            }
        }
    }
}
