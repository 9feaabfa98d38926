package dk.elleve.tlog;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

/// The one entry this house logs: a small record of fixed shape about an event, holding no personal data and no
/// secret. The event's text lies encrypted beside the log and may be erased by destroying its key; the leaf
/// stays and every proof goes on verifying.
///
/// ## Bytes
///
/// 164 bytes, integers big-endian. There is exactly one encoding of each leaf, and it is the one that is
/// hashed.
///
///     offset  length  field
///          0       3  "ELV"
///          3       1  version, 1
///          4       2  kind, see [Kind]
///          6       2  flags, see [Flag]; undefined bits are zero
///          8       4  bytes 4 to 7 with every bit inverted, so that a changed kind or flag is seen without any hash
///         12      32  tenant pseudonym: HMAC-SHA-256(log key of the tenant, tenant id)
///         44       8  tenant sequence: 1, 2, 3, ... within the pseudonym
///         52       8  index in the log of the tenant's previous leaf; all ones for sequence 1
///         60       8  commit time, microseconds since 1970-01-01T00:00Z, signed
///         68      16  source event id, a UUID
///         84      16  id of the key that encrypted the payload, opaque
///        100      32  SHA-256 of the payload's ciphertext as it is stored
///        132      32  commitment: SHA-256(salt || plaintext), the 32-byte salt being stored inside the ciphertext
///
/// Where there is no payload, the last three fields are zero.
///
/// ## Why these fields
///
/// The hash is over the ciphertext, since the hash of a guessable text is as good as the text. The commitment
/// is there because AES-GCM does not bind to its key: one ciphertext can be made to open to two texts under two
/// keys, and only the commitment says which one was meant. With the key the salt is gone too, and the
/// commitment says nothing more. Sequence and previous index make a tenant's leaves a chain: an export without
/// a hole is complete, not only true. The log itself is named by the checkpoint that is signed.
public record AuditLeaf(
        Kind kind,
        Set<Flag> flags,
        Hash tenant,
        long sequence,
        long previous,
        Instant committed,
        UUID source,
        UUID keyId,
        Hash ciphertextHash,
        Hash commitment) {

    public static final int LENGTH = 164;

    /// The previous index of a tenant's first leaf.
    public static final long NONE = -1;

    public static final int SALT_LENGTH = 32;

    private static final int MAGIC_AND_VERSION = 'E' << 24 | 'L' << 16 | 'V' << 8 | 1;
    private static final Hash ZERO = Hash.of(new byte[Hash.LENGTH]);
    private static final UUID NO_KEY = new UUID(0, 0);
    private static final int ATTRIBUTIONS = Flag.ATTRIBUTED.bit() | Flag.UNATTRIBUTED.bit() | Flag.FORGED.bit();

    /// By their bits: few sets stand in very many leaves.
    private static final List<Set<Flag>> FLAGS = IntStream.range(0, 1 << Flag.values().length)
            .mapToObj(AuditLeaf::flagsOf)
            .toList();

    /// What happened. Codes are never reused.
    public enum Kind {
        ROW_INSERTED(1, "insert"),
        ROW_UPDATED(2, "update"),
        ROW_DELETED(3, "delete"),
        TABLE_TRUNCATED(4, "truncate"),
        SCHEMA_CHANGED(5, "ddl"),
        /// Somebody used the platform, or was refused.
        ACCESS(16, "access"),
        /// Somebody looked at a person's data.
        READ(17, "read"),
        SIGN_IN(18, "login"),
        GRANT(19, "grant"),
        /// Software or configuration of the platform was changed.
        CHANGE(20, "change"),
        EVIDENCE(21, "evidence"),
        INCIDENT(22, "incident"),
        TENANT(23, "tenant"),
        BACKUP(24, "backup"),
        /// The audit log itself was searched or exported.
        AUDIT_READ(25, "audit-read"),
        OTHER(31, "other"),
        /// A count of the tenant's leaves so far, logged now and then.
        TENANT_HEAD(32, "tenant-head"),
        /// Data or a key was destroyed.
        ERASURE(33, "erasure"),
        /// Something that should have been logged is known to be missing.
        GAP(34, "gap");

        private final int code;
        private final String word;

        Kind(int code, String word) {
            this.code = code;
            this.word = word;
        }

        /// As lists and exports write it.
        public String word() {
            return word;
        }

        public int code() {
            return code;
        }

        private static final Kind[] ALL = values();

        static Kind of(int code) {
            for (var kind : ALL) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new MalformedException("audit leaf: kind " + code + " (byte 4) is not defined");
        }
    }

    /// Bits of the flags field, the lowest first. Positions are never reused.
    public enum Flag {
        /// Who did it is known and vouched for by a MAC.
        ATTRIBUTED,
        /// Nobody said who did it: the production-access alarm.
        UNATTRIBUTED,
        /// Somebody said who did it and the MAC is wrong.
        FORGED,
        GAP,
        ERASURE,
        DDL,
        /// Done under a grant for access to production.
        GRANTED,
        /// Done by staff of the platform.
        STAFF,
        /// Done by the platform itself.
        SYSTEM,
        /// Changed many rows without saying which.
        MASS;

        int bit() {
            return 1 << ordinal();
        }

        /// As lists and exports write it.
        public String word() {
            return this == GRANTED ? "under-grant" : name().toLowerCase(Locale.ROOT);
        }
    }

    public AuditLeaf {
        flags = Set.copyOf(flags);
        if (sequence < 1) {
            throw malformed("the tenant sequence (byte 44) starts at 1, is " + sequence);
        }
        if (sequence == 1 ? previous != NONE : previous < sequence - 2) {
            throw malformed(
                    "the previous index (byte 52) " + previous + " cannot belong to tenant sequence " + sequence);
        }
        if (committed.getNano() % 1000 != 0) {
            throw malformed("the commit time has microseconds, not nanoseconds: " + committed);
        }
        micros(committed);
        boolean payload = !keyId.equals(NO_KEY);
        if (payload == ciphertextHash.equals(ZERO) || payload == commitment.equals(ZERO)) {
            throw malformed("key id (byte 84), ciphertext hash and commitment are all given or all zero");
        }
        if (Integer.bitCount(bits(flags) & ATTRIBUTIONS) > 1) {
            throw malformed("flags (byte 6) say both attributed and not: " + flags);
        }
    }

    /// A leaf about an event that has no text of its own.
    public static AuditLeaf withoutPayload(
            Kind kind, Set<Flag> flags, Hash tenant, long sequence, long previous, Instant committed, UUID source) {
        return new AuditLeaf(kind, flags, tenant, sequence, previous, committed, source, NO_KEY, ZERO, ZERO);
    }

    /// The commitment to a plaintext. The ciphertext must hold `salt || plaintext`, the salt fresh from a
    /// secure source of randomness.
    public static Hash commitment(byte[] salt, byte[] plaintext) {
        if (salt.length != SALT_LENGTH) {
            throw new MalformedException("a salt is " + SALT_LENGTH + " bytes long, not " + salt.length);
        }
        return Hash.sha256(salt, plaintext);
    }

    /// Whether these bytes claim to be an audit leaf, of whatever version.
    public static boolean isLike(byte[] entry) {
        return entry.length >= 4 && ByteBuffer.wrap(entry).getInt() >>> 8 == MAGIC_AND_VERSION >>> 8;
    }

    public static AuditLeaf parse(byte[] entry) {
        if (entry.length != LENGTH) {
            throw malformed("must be " + LENGTH + " bytes long, is " + entry.length);
        }
        var in = ByteBuffer.wrap(entry);
        int magic = in.getInt();
        if (magic >>> 8 != MAGIC_AND_VERSION >>> 8) {
            throw malformed("must start with 'ELV'");
        }
        if (magic != MAGIC_AND_VERSION) {
            throw malformed("version " + (magic & 0xff) + " (byte 3) is not known, only 1 is");
        }
        int kindAndFlags = in.getInt();
        if (in.getInt() != ~kindAndFlags) {
            throw malformed("bytes 8 to 11 are not the inverse of kind and flags (bytes 4 to 7)");
        }
        var kind = Kind.of(kindAndFlags >>> 16);
        var flags = flags(kindAndFlags & 0xffff);
        var tenant = hash(in);
        long sequence = in.getLong();
        long previous = in.getLong();
        var committed = instant(in.getLong());
        var source = new UUID(in.getLong(), in.getLong());
        var keyId = new UUID(in.getLong(), in.getLong());
        return new AuditLeaf(kind, flags, tenant, sequence, previous, committed, source, keyId, hash(in), hash(in));
    }

    /// The canonical bytes: what is logged and hashed.
    public byte[] bytes() {
        int kindAndFlags = kind.code() << 16 | bits(flags);
        return ByteBuffer.allocate(LENGTH)
                .putInt(MAGIC_AND_VERSION)
                .putInt(kindAndFlags)
                .putInt(~kindAndFlags)
                .put(tenant.bytes())
                .putLong(sequence)
                .putLong(previous)
                .putLong(micros(committed))
                .putLong(source.getMostSignificantBits())
                .putLong(source.getLeastSignificantBits())
                .putLong(keyId.getMostSignificantBits())
                .putLong(keyId.getLeastSignificantBits())
                .put(ciphertextHash.bytes())
                .put(commitment.bytes())
                .array();
    }

    public Hash leafHash() {
        return Hash.leaf(bytes());
    }

    public boolean hasPayload() {
        return !keyId.equals(NO_KEY);
    }

    /// @throws VerificationException unless this is the ciphertext the leaf speaks of
    public void checkCiphertext(byte[] ciphertext) {
        if (!hasPayload() || !Hash.sha256(ciphertext).equals(ciphertextHash)) {
            throw new VerificationException("the ciphertext is not the one this leaf speaks of");
        }
    }

    /// @throws VerificationException unless this is the text that was encrypted when the leaf was logged
    public void checkPlaintext(byte[] salt, byte[] plaintext) {
        if (!hasPayload() || !commitment(salt, plaintext).equals(commitment)) {
            throw new VerificationException("the text is not the one this leaf is committed to");
        }
    }

    private static int bits(Set<Flag> flags) {
        int bits = 0;
        for (var flag : flags) {
            bits |= flag.bit();
        }
        return bits;
    }

    private static Set<Flag> flags(int bits) {
        if (bits >= FLAGS.size()) {
            throw malformed("flags (byte 6) have undefined bits 0x%04x".formatted(bits & -FLAGS.size()));
        }
        return FLAGS.get(bits);
    }

    private static Set<Flag> flagsOf(int bits) {
        var flags = EnumSet.allOf(Flag.class);
        flags.removeIf(flag -> (bits & flag.bit()) == 0);
        return Set.copyOf(flags);
    }

    private static Hash hash(ByteBuffer in) {
        var hash = Hash.at(in.array(), in.position());
        in.position(in.position() + Hash.LENGTH);
        return hash;
    }

    private static long micros(Instant time) {
        try {
            return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1000);
        } catch (ArithmeticException e) {
            throw new MalformedException("audit leaf: the commit time " + time + " is out of range");
        }
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
    }

    /// Made only where something is wrong: a log is read by the million leaves.
    private static MalformedException malformed(String what) {
        return new MalformedException("audit leaf: " + what);
    }
}
