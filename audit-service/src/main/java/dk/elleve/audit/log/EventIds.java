package dk.elleve.audit.log;

import dk.elleve.tlog.Hash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/// Names events by what they are, so that the same event always has the same id.
public final class EventIds {

    private EventIds() {}

    /// A UUID of version 8 (RFC 9562) from SHA-256 of the parts.
    public static UUID of(String... parts) {
        var hash = hash(parts);
        return uuid(hash.getLong(), hash.getLong());
    }

    /// The same with the milliseconds of a time in front, which belongs to what is named. What happens at about
    /// the same time then lies together in indexes: names in no order make each insert change another page.
    public static UUID of(Instant at, String... parts) {
        var hash = hash(parts);
        return uuid(at.toEpochMilli() << 16 | hash.getLong() & 0xffffL, hash.getLong());
    }

    private static ByteBuffer hash(String... parts) {
        return ByteBuffer.wrap(Hash.sha256(String.join("\n", parts).getBytes(StandardCharsets.UTF_8))
                .bytes());
    }

    private static UUID uuid(long most, long least) {
        return new UUID(most & ~0xf000L | 0x8000L, least & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L);
    }
}
