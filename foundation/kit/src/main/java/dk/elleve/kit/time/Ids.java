package dk.elleve.kit.time;

import com.github.f4b6a3.uuid.UuidCreator;
import java.util.UUID;

/// New ids, made in one place: UUID version 7 (RFC 9562), so that they sort by the time they were made.
public final class Ids {

    private Ids() {}

    public static UUID next() {
        return UuidCreator.getTimeOrderedEpoch();
    }

    /// The same as text.
    public static String nextText() {
        return next().toString();
    }
}
