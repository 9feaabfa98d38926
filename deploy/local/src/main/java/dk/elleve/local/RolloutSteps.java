package dk.elleve.local;

import dk.elleve.local.HealthGate.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An update, one service after the other, and back again when one does not work. Whatever stops it half-way leaves
/// some
/// services new and some old, which work together: the next run goes on from there.
final class RolloutSteps {

    /// Who hears before who speaks: a consumer knows an event's new version before the first is sent. The door comes
    /// last.
    static final List<String> ORDER = List.of("audit", "breach", "tenant-data", "identity", "backup", "gateway");

    /// What is changed.
    interface Stack {

        /// Comes back when the service's present instance is the one of that tag; it need not work yet.
        ///
        /// @throws Refusal if that cannot be done
        void bring(String service, String tag);

        /// Watches until the service has shown that it works, or time is over.
        Verdict watch(String service);
    }

    enum Outcome {
        DONE,
        FAILED,
        ROLLED_BACK;

        /// As it stands in the register.
        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /// @param reason a word for why it did not end well
    record Result(Outcome outcome, @Nullable String reason) {}

    private final Stack stack;
    private final Screen screen;

    RolloutSteps(Stack stack, Screen screen) {
        this.stack = stack;
        this.screen = screen;
    }

    /// @param before the tag that each service runs now
    Result run(Map<String, String> before, String tag) {
        var touched = new ArrayList<String>();
        for (var service : ORDER) {
            var present = before.get(service);
            if (present == null) {
                throw new Refusal("There is no " + service + " that could be updated.");
            }
            if (present.equals(tag)) {
                screen.line("  " + service + "  runs " + tag + " already");
                continue;
            }
            // From here on it is to be taken back, also when bringing it fails half-way.
            touched.add(service);
            switch (change(service, tag)) {
                case Verdict.Stay() -> screen.line("  " + service + "  " + present + " → " + tag + ", works");
                case Verdict.Back(var reason, var detail) -> {
                    screen.line("  " + service + "  " + tag + " does not work: " + detail);
                    return back(touched, before, service + "-" + reason);
                }
            }
        }
        return new Result(Outcome.DONE, null);
    }

    /// Goes on after a failure: the more services work, the better.
    private Result back(List<String> touched, Map<String, String> before, String reason) {
        var outcome = Outcome.ROLLED_BACK;
        for (var service : touched.reversed()) {
            var present = before.getOrDefault(service, "");
            switch (change(service, present)) {
                case Verdict.Stay() -> screen.line("  " + service + "  back to " + present + ", works");
                case Verdict.Back(var ignored, var detail) -> {
                    screen.line("  " + service + "  is back at " + present + " and does not work either: " + detail);
                    outcome = Outcome.FAILED;
                }
            }
        }
        return new Result(outcome, reason);
    }

    private Verdict change(String service, String tag) {
        try {
            stack.bring(service, tag);
            return stack.watch(service);
        } catch (Refusal e) {
            return new Verdict.Back("not-started", String.valueOf(e.getMessage()));
        }
    }
}
