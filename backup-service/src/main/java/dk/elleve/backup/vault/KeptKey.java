package dk.elleve.backup.vault;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.crypto.AEADBadTagException;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// A version of a master key that is kept elsewhere. It wraps one key in between, and that one wraps data keys:
/// so the keeper is asked once and not for each data key, and what a wrapped key is for stays bound to it.
///
/// With every wrapped data key lies a *head*: the key's id, the key in between as the keeper has wrapped it, and
/// the keeper's signature of both. The signature is there because wrapping by a public key says nothing of who
/// did it: whoever can write to the storage and knows the public key could put data keys of his own there.
final class KeptKey extends MasterKey {

    private static final byte[] MAGIC = "KEPT1".getBytes(StandardCharsets.US_ASCII);
    private static final SecureRandom RANDOM = new SecureRandom();

    /// How long it is believed that what is wrapped can be unwrapped again. A key that was disabled or deleted
    /// must not go on wrapping for as long as this process lives.
    private static final Duration BELIEVED = Duration.ofHours(1);

    private static final Duration AFTER_SILENCE = Duration.ofMinutes(1);

    /// A refusal holds so long for all that would be opened: hundreds of data keys are not to be asked for one
    /// by one.
    private static final Duration AFTER_REFUSAL = Duration.ofSeconds(30);

    /// @param wrapped the key as the keeper has wrapped it
    /// @param head begins every data key that is wrapped by it
    private record Between(SecretKeySpec key, byte[] wrapped, byte[] head) {}

    private final KeyKeeper keeper;
    private final Clock clock;
    private final String fingerprint;

    /// Also makes many threads that need the same key ask for it once.
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<ByteBuffer, Between> opened = new HashMap<>();
    private @Nullable Between wrapping;
    private Instant askAgainAt = Instant.MIN;
    private @Nullable VaultException refusal;
    private Instant refusedUntil = Instant.MIN;

    KeptKey(KeyKeeper keeper, Clock clock) {
        this.keeper = keeper;
        this.clock = clock;
        this.fingerprint = fingerprint(keeper.id());
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }

    @Override
    byte[] wrap(byte[] dataKey, String context) {
        var between = forWrapping();
        return join(between.head(), KeyWrap.wrap(between.key(), dataKey, bound(between.head(), context)));
    }

    @Override
    byte[] unwrap(byte[] wrapped, String context) throws AEADBadTagException {
        var head = Head.read(wrapped).orElseThrow(() -> new AEADBadTagException("no head of a kept key"));
        if (!head.id().equals(keeper.id())) {
            throw new AEADBadTagException("wrapped by " + head.id());
        }
        var between = open(head);
        return KeyWrap.unwrap(
                between.key(),
                Arrays.copyOfRange(wrapped, between.head().length, wrapped.length),
                bound(between.head(), context));
    }

    /// The id of the kept key that wraps these bytes, as far as they tell.
    static Optional<String> idIn(byte[] wrapped) {
        return Head.read(wrapped).map(Head::id);
    }

    private Between open(Head head) throws AEADBadTagException {
        lock.lock();
        try {
            var known = opened.get(ByteBuffer.wrap(head.bytes()));
            if (known != null) {
                return known;
            }
            if (refusal != null && clock.instant().isBefore(refusedUntil)) {
                throw refusal;
            }
            var between = ask(head);
            opened.put(ByteBuffer.wrap(head.bytes()), between);
            if (wrapping == null) {
                // Going on with it keeps the keys in between few, and so the calls of a restore.
                wrapping = between;
                askAgainAt = clock.instant().plus(BELIEVED);
            }
            return between;
        } finally {
            lock.unlock();
        }
    }

    private Between ask(Head head) throws AEADBadTagException {
        try {
            if (!keeper.isSigned(signed(head.wrapped()), head.signature())) {
                throw new AEADBadTagException("not signed by " + keeper.id());
            }
            var bytes = keeper.unwrap(head.wrapped())
                    .orElseThrow(() -> new AEADBadTagException("not wrapped by " + keeper.id()));
            return new Between(new SecretKeySpec(bytes, "AES"), head.wrapped(), head.bytes());
        } catch (VaultException e) {
            if (e.problem() == VaultProblem.KEY_UNUSABLE) {
                refusal = e;
                refusedUntil = clock.instant().plus(AFTER_REFUSAL);
            }
            throw e;
        }
    }

    private Between forWrapping() {
        lock.lock();
        try {
            var between = wrapping;
            if (between == null) {
                between = make();
                opened.put(ByteBuffer.wrap(between.head()), between);
                wrapping = between;
                askAgainAt = clock.instant().plus(BELIEVED);
            } else if (!clock.instant().isBefore(askAgainAt)) {
                askAgainAt = clock.instant().plus(proven(between) ? BELIEVED : AFTER_SILENCE);
            }
            return between;
        } finally {
            lock.unlock();
        }
    }

    private Between make() {
        var bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        var wrapped = keeper.wrap(bytes);
        var head = Head.of(keeper.id(), wrapped, keeper.sign(signed(wrapped)));
        var between = new Between(new SecretKeySpec(bytes, "AES"), wrapped, head.bytes());
        // A key that wraps and does not unwrap must be found out before anything is encrypted under it.
        requireUnwraps(between);
        return between;
    }

    /// False when the keeper is silent. That is no reason to stop: it is not to be feared that the key is lost.
    private boolean proven(Between between) {
        try {
            requireUnwraps(between);
            return true;
        } catch (VaultException e) {
            if (e.problem() != VaultProblem.UNREACHABLE) {
                throw e;
            }
            return false;
        }
    }

    private void requireUnwraps(Between between) {
        var back = keeper.unwrap(between.wrapped()).map(bytes -> new SecretKeySpec(bytes, "AES"));
        if (back.isEmpty() || !back.get().equals(between.key())) {
            throw new VaultException(
                    VaultProblem.KEY_UNUSABLE, keeper.id() + " does not unwrap what it has wrapped itself");
        }
    }

    private byte[] signed(byte[] wrapped) {
        return join(("elleve key in between\n" + keeper.id() + "\n").getBytes(StandardCharsets.UTF_8), wrapped);
    }

    private static byte[] bound(byte[] head, String context) {
        return join(head, context.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] join(byte[] first, byte[] second) {
        var both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static String fingerprint(String id) {
        try {
            var digest = MessageDigest.getInstance("SHA-256")
                    .digest(("elleve kept master key\n" + id).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "master key " + fingerprint + " (" + keeper.id() + ")";
    }

    /// @param bytes all of it, as it lies in the vault
    private record Head(String id, byte[] wrapped, byte[] signature, byte[] bytes) {

        static Head of(String id, byte[] wrapped, byte[] signature) {
            var bytes = new ByteArrayOutputStream();
            bytes.writeBytes(MAGIC);
            for (var part : new byte[][] {id.getBytes(StandardCharsets.UTF_8), wrapped, signature}) {
                bytes.writeBytes(
                        ByteBuffer.allocate(2).putShort((short) part.length).array());
                bytes.writeBytes(part);
            }
            return new Head(id, wrapped, signature, bytes.toByteArray());
        }

        /// Empty when these bytes do not begin with a head.
        static Optional<Head> read(byte[] bytes) {
            if (!Arrays.equals(bytes, 0, Math.min(bytes.length, MAGIC.length), MAGIC, 0, MAGIC.length)) {
                return Optional.empty();
            }
            var left = ByteBuffer.wrap(bytes, MAGIC.length, bytes.length - MAGIC.length);
            try {
                var id = new String(part(left), StandardCharsets.UTF_8);
                var wrapped = part(left);
                var signature = part(left);
                return Optional.of(new Head(id, wrapped, signature, Arrays.copyOf(bytes, left.position())));
            } catch (BufferUnderflowException e) {
                return Optional.empty();
            }
        }

        private static byte[] part(ByteBuffer from) {
            var length = Short.toUnsignedInt(from.getShort());
            if (length > from.remaining()) {
                throw new BufferUnderflowException();
            }
            var part = new byte[length];
            from.get(part);
            return part;
        }
    }
}
