package dk.elleve.local;

import java.util.regex.Pattern;

/// Decides whether a service that was changed may stay.
///
/// @param mostErrors the largest part of the requests that may have failed on the server's side
/// @param fewest so many requests must have been seen; fewer say nothing
record HealthGate(double mostErrors, long fewest) {

    /// What a service was asked so far, and how often it failed by itself (5xx).
    record Requests(long all, long failed) {

        static final Requests NONE = new Requests(0, 0);

        Requests plus(Requests more) {
            return new Requests(all + more.all, failed + more.failed);
        }
    }

    sealed interface Verdict {

        record Stay() implements Verdict {}

        /// @param reason a word for the register
        /// @param detail a sentence for whoever watches
        record Back(String reason, String detail) implements Verdict {}
    }

    private static final Pattern COUNT =
            Pattern.compile("(?m)^http_server_requests_seconds_count\\{([^}]*)}\\s+([0-9.E+]+)");
    private static final Pattern STATUS = Pattern.compile("status=\"(\\d)\\d\\d\"");

    /// @param ready whether it says that it works
    /// @param restarts how often it has ended by itself since it was changed
    Verdict judge(boolean ready, int restarts, Requests requests) {
        if (restarts > 0) {
            return new Verdict.Back("restarting", "it has ended by itself " + restarts + " times");
        }
        if (!ready) {
            return new Verdict.Back("not-ready", "it does not become ready");
        }
        if (requests.all() < fewest) {
            return new Verdict.Back(
                    "unproven", "only " + requests.all() + " requests reached it; " + fewest + " are wanted");
        }
        if (requests.failed() > mostErrors * requests.all()) {
            return new Verdict.Back(
                    "errors", requests.failed() + " of " + requests.all() + " requests failed on its side");
        }
        return new Verdict.Stay();
    }

    /// Counts what the metrics of a service tell; its own actuator is not counted.
    static Requests requests(String metrics) {
        var requests = Requests.NONE;
        var counts = COUNT.matcher(metrics);
        while (counts.find()) {
            var labels = counts.group(1);
            var status = STATUS.matcher(labels);
            if (!labels.contains("uri=\"/actuator") && status.find()) {
                long count = (long) Double.parseDouble(counts.group(2));
                requests = requests.plus(new Requests(count, status.group(1).equals("5") ? count : 0));
            }
        }
        return requests;
    }
}
