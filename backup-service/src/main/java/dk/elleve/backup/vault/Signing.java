package dk.elleve.backup.vault;

import dk.elleve.tlog.MalformedException;
import dk.elleve.tlog.Note;
import dk.elleve.tlog.SignerKey;
import dk.elleve.tlog.VerificationException;
import dk.elleve.tlog.VerifierKey;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Who vouches for a backup, and whose word counts. The master key cannot do that: whoever restores has it, and could
/// write another backup with it.
///
/// What is signed is a statement of one line. Below it stands a signed note (c2sp.org/signed-note) over the cluster,
/// the
/// statement's name and its SHA-256.
public final class Signing {

    /// Nobody signs and nobody's signature is asked for.
    public static final Signing NONE = new Signing(null, List.of(), Instant.EPOCH);

    private static final byte NEWLINE = '\n';

    private final @Nullable SignerKey signer;
    private final List<VerifierKey> trusted;
    private final Instant since;

    private Signing(@Nullable SignerKey signer, List<VerifierKey> trusted, Instant since) {
        this.signer = signer;
        this.trusted = trusted;
        this.since = since;
    }

    /// @param signer `PRIVATE+KEY+name+hash+base64`, a secret; its public half is trusted
    /// @param others further keys whose signatures count, each `name+hash+base64`
    /// @param since what is older need not be signed; everything must be where it is null
    /// @throws IllegalArgumentException when a key is none; the message repeats no secret
    public static Signing of(@Nullable String signer, Collection<String> others, @Nullable Instant since) {
        try {
            var own = signer == null ? null : SignerKey.parse(signer.strip());
            var trusted = Stream.concat(
                            Stream.ofNullable(own).map(SignerKey::verifier),
                            others.stream().map(String::strip).map(VerifierKey::parse))
                    .distinct()
                    .toList();
            return new Signing(own, trusted, since == null ? Instant.EPOCH : since);
        } catch (MalformedException e) {
            throw new IllegalArgumentException("a key for signing backups is none: " + e.getMessage(), e);
        }
    }

    /// The key that signs, for those who are to trust it.
    public Optional<VerifierKey> verifier() {
        return Optional.ofNullable(signer).map(SignerKey::verifier);
    }

    public boolean isAsked() {
        return !trusted.isEmpty();
    }

    /// @param name what the statement is, within the cluster
    /// @param statement one line without its end
    public byte[] sign(String systemId, String name, byte[] statement) {
        if (signer == null) {
            return statement;
        }
        var note = Note.sign(text(systemId, name, statement), signer).bytes();
        var signed = Arrays.copyOf(statement, statement.length + 1 + note.length);
        signed[statement.length] = NEWLINE;
        System.arraycopy(note, 0, signed, statement.length + 1, note.length);
        return signed;
    }

    /// The statement alone, whoever has signed it.
    public static byte[] statement(byte[] signed) {
        var end = end(signed);
        return end < 0 ? signed : Arrays.copyOf(signed, end);
    }

    /// @param at when the statement says that it was made
    /// @return who signed it, of those whose word counts; empty where nobody's is asked for, or not yet was
    /// @throws VaultException with [VaultProblem#NOT_SIGNED]
    public Optional<String> require(String systemId, String name, byte[] signed, Instant at) {
        if (!isAsked()) {
            return Optional.empty();
        }
        var end = end(signed);
        if (end < 0) {
            if (at.isBefore(since)) {
                return Optional.empty();
            }
            throw refused(name, "it is not signed", null);
        }
        try {
            var note = Note.parse(Arrays.copyOfRange(signed, end + 1, signed.length));
            var signature = note.verify(trusted).getFirst();
            if (!note.text().equals(text(systemId, name, Arrays.copyOf(signed, end)))) {
                throw refused(name, "the signature below it is that of something else", null);
            }
            return Optional.of(signature.keyName() + "+" + signature.keyIdHex());
        } catch (MalformedException | VerificationException e) {
            throw refused(name, String.valueOf(e.getMessage()), e);
        }
    }

    private VaultException refused(String name, String why, @Nullable Exception cause) {
        var message = "'" + name + "' is signed by none of "
                + trusted.stream().map(VerifierKey::id).toList() + ": " + why;
        return cause == null
                ? new VaultException(VaultProblem.NOT_SIGNED, message)
                : new VaultException(VaultProblem.NOT_SIGNED, message, cause);
    }

    private static int end(byte[] signed) {
        for (var i = 0; i < signed.length; i++) {
            if (signed[i] == NEWLINE) {
                return i;
            }
        }
        return -1;
    }

    private static String text(String systemId, String name, byte[] statement) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(statement);
            return "elleve-backup\n" + systemId + "/" + name + "\n"
                    + HexFormat.of().formatHex(digest) + "\n";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java lacks SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "Signing[signer=" + verifier().map(VerifierKey::id).orElse("none") + ", trusted="
                + trusted.stream().map(VerifierKey::id).toList() + "]";
    }
}
