package dk.elleve.tlog;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The offline verifier: `java -jar tlog.jar FILE|DIR|URL --vkey KEY`. Needs the thing to be verified and a key
/// that came another way, and nothing of the house that made it.
public final class Verify {

    private static final int VERIFIED = 0;
    private static final int FAILED = 1;
    private static final int CANNOT = 2;

    private static final String HELP = """
            Verifies, without asking anybody, that a log says the truth.

              java -jar tlog.jar [OPTIONS] FILE|DIR|URL...
              java -jar tlog.jar witness --help   cosigns a log's checkpoints, as somebody else

            What is verified
              FILE   a proof (.tlog-proof): the entry in it is in the log; a checkpoint: its signatures; an export
                     (.jsonl): each of its entries, what it says, and whether a tenant's chain has gaps
              DIR    a whole log (checkpoint, tile/...): every entry, tile, root, signature and tenant chain is
                     recomputed; or a directory of .tlog-proof files: each of them
              URL    a whole log behind http or https; a URL that ends in .tlog-proof or /proof is one proof

            Whose word counts: at least one is needed; keys found inside what is verified are never trusted
              --vkey KEY               a verifier key, name+hash+base64, of the log or of a witness
              --vkey-file FILE         the same from a file, one key a line, # begins a comment
              --default-vkey-file FILE used if no other key is given and the file exists

            What else is compared
              --leaf FILE        the entry of a proof; needed for proofs that do not carry it
              --ciphertext FILE  the stored ciphertext the entry speaks of
              --opening FILE     what the ciphertext holds: 32 bytes of salt, then the text
              --since FILE       an older signed checkpoint; the log must be its continuation

              --certificate FILE the certificate of an erased tenant: the export must hold the entry that says the same

              --json             one JSON object a line
              --help             this text

            Exit status: 0 everything verifies; 1 something does not, and the line FAILED says what and where;
            2 it could not be tried.
            """;

    private final PrintStream out;
    private final PrintStream err;
    private final List<String> targets = new ArrayList<>();
    private final Set<VerifierKey> keys = new LinkedHashSet<>();
    private Optional<Path> defaultKeys = Optional.empty();
    private Optional<Path> leaf = Optional.empty();
    private Optional<Path> ciphertext = Optional.empty();
    private Optional<Path> opening = Optional.empty();
    private Optional<Path> since = Optional.empty();
    private Optional<Path> certificate = Optional.empty();
    private boolean json;
    private boolean help;

    private Verify(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    public static void main(String... args) throws InterruptedException {
        var words = List.of(args);
        System.exit(
                !words.isEmpty() && words.getFirst().equals("witness")
                        ? WitnessServer.run(words.subList(1, words.size()), System.out, System.err)
                        : run(System.out, System.err, args));
    }

    /// @return the exit status
    public static int run(PrintStream out, PrintStream err, String... args) {
        var verify = new Verify(utf8(out), utf8(err));
        try {
            verify.read(new ArrayDeque<>(Arrays.asList(args)));
            return verify.run();
        } catch (CannotException e) {
            verify.err.println("tlog: " + e.getMessage());
            return CANNOT;
        } finally {
            verify.out.flush();
            verify.err.flush();
        }
    }

    private static PrintStream utf8(PrintStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }

    /// It could not be tried: a wrong option, a missing key, something unreadable.
    private static final class CannotException extends RuntimeException {
        CannotException(String message) {
            super(message);
        }
    }

    private int run() {
        if (help) {
            out.print(HELP);
            return VERIFIED;
        }
        if (targets.isEmpty()) {
            throw new CannotException("what shall be verified? Give a file, a directory or a URL; --help says more");
        }
        if (keys.isEmpty()) {
            defaultKeys.filter(Files::exists).ifPresent(this::readKeys);
        }
        if (keys.isEmpty()) {
            throw new CannotException(
                    "no key to trust: give the log's verifier key with --vkey KEY or --vkey-file FILE. "
                            + "Get it from whom you trust, not from where the proof came from");
        }
        int status = VERIFIED;
        for (var target : targets) {
            status = Math.max(status, verify(target));
        }
        return status;
    }

    private int verify(String target) {
        try {
            if (target.startsWith("http://") || target.startsWith("https://")) {
                return verifyUrl(target);
            }
            var path = Path.of(target);
            if (Files.isDirectory(path)) {
                return verifyDirectory(path);
            }
            return one(target, () -> isExport(path) ? export(path) : file(target, bytes(path)));
        } catch (CannotException e) {
            return report(target, CANNOT, "CANNOT", e.getMessage(), Map.of());
        }
    }

    private int verifyUrl(String target) {
        try (var client = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(10))
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()) {
            var uri = URI.create(target);
            String path = uri.getPath() == null ? "" : uri.getPath();
            if (path.endsWith(".tlog-proof") || path.endsWith("/proof")) {
                int name = target.lastIndexOf('/') + 1;
                var source = TileSource.http(client, URI.create(target.substring(0, name)));
                return one(target, () -> proof(required(source, target.substring(name))));
            }
            return one(target, () -> log(TileSource.http(client, uri)));
        } catch (IllegalArgumentException e) {
            throw new CannotException("not a URL: " + target);
        }
    }

    private int verifyDirectory(Path directory) {
        if (Files.exists(directory.resolve("checkpoint")) || Files.exists(directory.resolve("tile"))) {
            return one(directory.toString(), () -> log(TileSource.directory(directory)));
        }
        List<Path> proofs;
        try (var files = Files.list(directory)) {
            proofs = files.filter(file -> file.toString().endsWith(".tlog-proof"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new CannotException(directory + " could not be read: " + e.getMessage());
        }
        if (proofs.isEmpty()) {
            throw new CannotException(directory + " holds neither a log (checkpoint, tile/...) nor .tlog-proof files");
        }
        int status = VERIFIED;
        for (var proof : proofs) {
            status = Math.max(status, one(proof.toString(), () -> proof(bytes(proof))));
        }
        return status;
    }

    /// Facts to show about something that verified, in order.
    @FunctionalInterface
    private interface Verification {
        Map<String, Object> run();
    }

    private int one(String target, Verification verification) {
        try {
            return report(target, VERIFIED, "VERIFIED", "", verification.run());
        } catch (TlogException e) {
            return report(target, FAILED, "FAILED", e.getMessage(), Map.of());
        } catch (UncheckedIOException e) {
            return report(target, CANNOT, "CANNOT", e.getMessage(), Map.of());
        }
    }

    // What can be verified

    private Map<String, Object> file(String name, byte[] bytes) {
        boolean proof = name.endsWith(".tlog-proof") || hasLine(bytes, TlogProof.HEADER) || hasLine(bytes, "index ");
        return proof ? proof(bytes) : checkpoint(bytes);
    }

    private static boolean isExport(Path file) {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(ExportFile.MARK.length()), StandardCharsets.UTF_8).equals(ExportFile.MARK);
        } catch (IOException e) {
            return false; // and what hinders is told by who reads it whole
        }
    }

    /// Line by line: an export may be larger than the memory.
    private Map<String, Object> export(Path file) {
        try (var lines = Files.newBufferedReader(file)) {
            var erased = certificate.map(path -> ErasureCertificate.parse(bytes(path)));
            return ExportFile.verify(lines, note -> open(note, 1, Optional.empty()), erased);
        } catch (IOException e) {
            throw new CannotException(file + " could not be read: " + e.getMessage());
        }
    }

    private Map<String, Object> proof(byte[] bytes) {
        var proof = TlogProof.parse(bytes);
        int checkpointLine = proof.checkpointLine();
        byte[] entry = entry(proof);
        var diagnosis = new Diagnosis(proof, entry, leaf.isPresent());
        var signed = open(Note.parse(proof.checkpoint(), checkpointLine), checkpointLine, Optional.of(diagnosis));
        try {
            proof.verify(entry, keys);
        } catch (VerificationException e) {
            throw new VerificationException(diagnosis.ofInclusion(signed.checkpoint()));
        }
        requireUntouched(proof, bytes);
        var facts = new LinkedHashMap<String, Object>();
        facts.put("kind", "proof");
        facts.put("index", Long.toUnsignedString(proof.index()));
        add(facts, signed);
        facts.put("leafHash", Hash.leaf(entry).base64());
        addEntry(facts, entry);
        return facts;
    }

    private Map<String, Object> checkpoint(byte[] bytes) {
        var signed = open(Note.parse(bytes), 1, Optional.empty());
        var facts = new LinkedHashMap<String, Object>();
        facts.put("kind", "checkpoint");
        add(facts, signed);
        return facts;
    }

    private Map<String, Object> log(TileSource source) {
        var signed = open(Note.parse(required(source, "checkpoint")), 1, Optional.empty());
        var checkpoint = signed.checkpoint();
        // Read before the long work, told after it: a damaged log is the better answer than a log that is no
        // continuation.
        var older = since.map(
                file -> open(Note.parse(bytes(file)), 1, Optional.empty()).checkpoint());
        long began = System.nanoTime();
        var report = Fsck.check(source, checkpoint, new Progress(checkpoint.size()));
        double seconds = Math.max(1e-3, (System.nanoTime() - began) / 1e9);
        older.ifPresent(old -> requireContinuation(source, old, checkpoint));
        var facts = new LinkedHashMap<String, Object>();
        facts.put("kind", "log");
        add(facts, signed);
        facts.put("entries", report.entries());
        facts.put("entryBytes", report.entryBytes());
        facts.put("auditLeaves", report.auditLeaves());
        facts.put("tenants", report.tenants());
        older.ifPresent(old -> facts.put("continues", Long.toUnsignedString(old.size())));
        facts.put("seconds", Math.round(seconds * 1000) / 1000.0);
        facts.put("entriesPerSecond", Math.round(report.entries() / seconds));
        return facts;
    }

    private SignedCheckpoint open(Note note, int firstLine, Optional<Diagnosis> proof) {
        var checkpoint = Checkpoint.parse(note.text(), firstLine);
        SignedCheckpoint signed;
        try {
            signed = SignedCheckpoint.open(note, keys, firstLine);
        } catch (VerificationException e) {
            throw Diagnosis.ofSignature(note, checkpoint, firstLine, keys, proof)
                    .map(VerificationException::new)
                    .orElse(e);
        }
        Diagnosis.renamed(note, firstLine, keys).ifPresent(changed -> {
            throw new VerificationException(changed);
        });
        return signed;
    }

    private byte[] entry(TlogProof proof) {
        var carried = proof.extra().map(TlogProof.Extra::bytes);
        if (leaf.isEmpty()) {
            return carried.orElseThrow(
                    () -> new VerificationException("the proof does not carry its entry: give it with --leaf FILE"));
        }
        byte[] given = bytes(leaf.get());
        if (carried.isPresent() && !Arrays.equals(carried.get(), given)) {
            throw new VerificationException("the leaf in line 2 is not the one in " + leaf.get());
        }
        return given;
    }

    private static void requireUntouched(TlogProof proof, byte[] bytes) {
        if (!Arrays.equals(proof.format().getBytes(StandardCharsets.UTF_8), bytes)) {
            throw new MalformedException("the file is not written as a proof is written");
        }
    }

    private static void requireContinuation(TileSource source, Checkpoint old, Checkpoint now) {
        if (!old.origin().equals(now.origin())) {
            throw new VerificationException(
                    "the older checkpoint is of the log " + old.origin() + ", not of " + now.origin());
        }
        if (old.size() == 0) {
            return;
        }
        if (Long.compareUnsigned(old.size(), now.size()) > 0) {
            throw new VerificationException("the log has " + now.size() + " entries, the older checkpoint signed "
                    + Long.toUnsignedString(old.size())
                    + ": entries were taken away or the checkpoint was rolled back");
        }
        try {
            var path = new TileReader(source, now.size()).consistency(old.size());
            Proofs.checkConsistency(old.size(), old.root(), now.size(), now.root(), path);
        } catch (VerificationException e) {
            throw new VerificationException("the log is not a continuation of the older checkpoint of size "
                    + old.size() + ": history was rewritten. Both are signed; keep them, they prove it");
        }
    }

    // What is shown

    private void add(Map<String, Object> facts, SignedCheckpoint signed) {
        facts.put("origin", signed.checkpoint().origin());
        facts.put("size", Long.toUnsignedString(signed.checkpoint().size()));
        facts.put("root", signed.checkpoint().root().base64());
        facts.put("signedBy", signed.verified().stream().map(this::signer).toList());
        var unchecked = signed.unchecked().stream().map(NoteSignature::toString).toList();
        if (!unchecked.isEmpty()) {
            facts.put("notChecked", unchecked);
        }
    }

    private String signer(NoteSignature signature) {
        boolean witness =
                keys.stream().anyMatch(key -> key.type() == SignatureType.COSIGNATURE_V1 && key.names(signature));
        return witness ? signature + " at " + VerifierKey.cosignedAt(signature) : signature.toString();
    }

    private void addEntry(Map<String, Object> facts, byte[] entry) {
        if (AuditLeaf.isLike(entry)) {
            var audit = AuditLeaf.parse(entry);
            facts.put("event", audit.kind().name());
            facts.put("flags", audit.flags().stream().sorted().map(Enum::name).toList());
            facts.put("committed", audit.committed().toString());
            facts.put("source", audit.source().toString());
            facts.put("tenant", audit.tenant().hex());
            facts.put("tenantSequence", audit.sequence());
            if (ciphertext.isPresent()) {
                audit.checkCiphertext(bytes(ciphertext.get()));
                facts.put("ciphertext", "matches");
            }
            if (opening.isPresent()) {
                byte[] opened = bytes(opening.get());
                int salt = Math.min(AuditLeaf.SALT_LENGTH, opened.length);
                audit.checkPlaintext(Arrays.copyOf(opened, salt), Arrays.copyOfRange(opened, salt, opened.length));
                facts.put("text", "matches");
            }
        } else if (ciphertext.isPresent() || opening.isPresent()) {
            throw new VerificationException("the entry is no audit leaf: there is nothing to compare a payload with");
        } else {
            facts.put("entryBytes", entry.length);
        }
    }

    private int report(String target, int status, String word, @Nullable String message, Map<String, Object> facts) {
        if (json) {
            var object = new LinkedHashMap<String, Object>();
            object.put("target", target);
            object.put("verified", status == VERIFIED);
            object.put("status", status);
            if (status != VERIFIED) {
                object.put("error", String.valueOf(message));
            }
            object.putAll(facts);
            out.println(json(object));
        } else if (status == VERIFIED) {
            out.println(word + "  " + target);
            facts.forEach((name, value) -> out.printf("  %-17s %s%n", name, plain(value)));
        } else {
            out.println(word + "  " + target + ": " + message);
        }
        return status;
    }

    private static String plain(Object value) {
        return value instanceof List<?> list
                ? list.stream().map(Object::toString).collect(Collectors.joining(", "))
                : value.toString();
    }

    private static String json(Object value) {
        return switch (value) {
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(entry -> json(String.valueOf(entry.getKey())) + ":" + json(entry.getValue()))
                        .collect(Collectors.joining(",", "{", "}"));
            case List<?> list -> list.stream().map(Verify::json).collect(Collectors.joining(",", "[", "]"));
            case Number number -> number.toString();
            case Boolean bool -> bool.toString();
            default -> quoted(value.toString());
        };
    }

    private static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
            } else if (c < 0x20) {
                quoted.append("\\u%04x".formatted(c));
            } else {
                quoted.append((char) c);
            }
        });
        return quoted.append('"').toString();
    }

    /// One line a second on the terminal, and none where all is done within the first.
    private final class Progress implements LongConsumer {
        private static final long SECOND = 1_000_000_000L;

        private final long size;
        private final long began = System.nanoTime();
        private long told = began;

        Progress(long size) {
            this.size = size;
        }

        @Override
        public void accept(long done) {
            long now = System.nanoTime();
            if (now - told >= SECOND) {
                told = now;
                err.printf("  %,d of %,d entries, %,.0f a second%n", done, size, done / ((now - began) / 1e9));
            }
        }
    }

    // What is read

    private void read(ArrayDeque<String> args) {
        while (!args.isEmpty()) {
            String arg = args.remove();
            switch (arg) {
                case "--help", "-h" -> help = true;
                case "--json" -> json = true;
                case "--vkey" -> keys.add(key(value(arg, args)));
                case "--vkey-file" -> readKeys(Path.of(value(arg, args)));
                case "--default-vkey-file" -> defaultKeys = Optional.of(Path.of(value(arg, args)));
                case "--leaf" -> leaf = Optional.of(Path.of(value(arg, args)));
                case "--ciphertext" -> ciphertext = Optional.of(Path.of(value(arg, args)));
                case "--opening" -> opening = Optional.of(Path.of(value(arg, args)));
                case "--certificate" -> certificate = Optional.of(Path.of(value(arg, args)));
                case "--since" -> since = Optional.of(Path.of(value(arg, args)));
                default -> {
                    if (arg.startsWith("-")) {
                        throw new CannotException("there is no option " + arg + "; --help lists them");
                    }
                    targets.add(arg);
                }
            }
        }
    }

    private static String value(String option, ArrayDeque<String> args) {
        if (args.isEmpty()) {
            throw new CannotException(option + " needs a value");
        }
        return args.remove();
    }

    private void readKeys(Path file) {
        int before = keys.size();
        Strict.utf8(bytes(file), file.toString())
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .forEach(line -> keys.add(key(line)));
        if (keys.size() == before) {
            throw new CannotException(file + " holds no verifier key");
        }
    }

    private static VerifierKey key(String vkey) {
        try {
            return VerifierKey.parse(vkey);
        } catch (MalformedException e) {
            throw new CannotException(String.valueOf(e.getMessage()));
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new CannotException("there is no file " + file);
        } catch (IOException e) {
            throw new CannotException(file + " could not be read: " + e.getMessage());
        }
    }

    private static byte[] required(TileSource source, String path) {
        try {
            return source.read(path).orElseThrow(() -> new VerificationException(path + " is missing"));
        } catch (IOException e) {
            throw new UncheckedIOException(path + " could not be read: " + e.getMessage(), e);
        }
    }

    private static boolean hasLine(byte[] bytes, String start) {
        return new String(bytes, StandardCharsets.ISO_8859_1).lines().anyMatch(line -> line.startsWith(start));
    }
}
