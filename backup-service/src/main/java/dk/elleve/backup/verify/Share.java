package dk.elleve.backup.verify;

import dk.elleve.backup.vault.Content;
import dk.elleve.backup.vault.Stretch;
import java.time.Duration;
import java.time.Instant;

/// Which chunks of an object a reading unpacks. That a chunk authenticates proves that it is what was
/// written, to the last bit, and this is done with all. What a processor or its memory did wrong
/// before that, only unpacking shows: so a quarter is unpacked, too, another one each week, and every
/// chunk is within four weeks. What is restored is always unpacked.
record Share(String name, Instant now) implements Content {

    static final int WEEKS = 4;

    @Override
    public boolean wants(int at) {
        var week = now.getEpochSecond() / Duration.ofDays(7).toSeconds();
        // Small objects have one chunk: by their names they are spread over the weeks.
        return Math.floorMod(at / Stretch.CHUNK + name.hashCode() + week, WEEKS) == 0;
    }

    @Override
    public void take(int at, byte[] bytes, int length) {}
}
