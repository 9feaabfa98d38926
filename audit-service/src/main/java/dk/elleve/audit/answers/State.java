package dk.elleve.audit.answers;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/// What the evidence says of a claim or an answer, the strongest first.
///
/// The weakest claim decides. Not yet proven is weaker than proven, so an answer is never better than its least
/// proven part; stale and broken are weaker still, because there something that was shown to be true is so no longer,
/// and that must not hide behind a part that nobody has built yet.
enum State {
    PROVEN,
    UNPROVEN,
    STALE,
    BROKEN;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static State weakest(Collection<State> states) {
        return states.stream().max(Comparator.naturalOrder()).orElse(UNPROVEN);
    }
}
