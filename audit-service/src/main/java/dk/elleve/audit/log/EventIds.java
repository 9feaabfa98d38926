package dk.elleve.audit.log;

import dk.elleve.tlog.Hash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// Names events by what they are, so that the same event always has the same id.
public final class EventIds {

    private EventIds() {}

    /// A UUID of version 8 (RFC 9562) from SHA-256 of the parts.
    public static UUID of(String... parts) {
        var hash = ByteBuffer.wrap(Hash.sha256(String.join("\n", parts).getBytes(StandardCharsets.UTF_8))
                .bytes());
        long most = hash.getLong() & ~0xf000L | 0x8000L;
        long least = hash.getLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
        return new UUID(most, least);
    }
}
