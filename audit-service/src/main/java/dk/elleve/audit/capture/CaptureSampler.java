package dk.elleve.audit.capture;

import dk.elleve.kit.measure.Measure;
import dk.elleve.kit.measure.Sample;
import dk.elleve.kit.measure.Sampler;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.springframework.stereotype.Component;

/// How far the log is behind what the databases have written.
@Component
class CaptureSampler implements Sampler {

    private static final Measure LAG =
            new Measure("elleve.audit.slot.lag", "bytes", "WAL that the source's slot has not confirmed as taken over");
    private static final Measure HELD = new Measure(
            "elleve.audit.slot.held", "bytes", "WAL that the server keeps for the sake of the source's slot");
    private static final Measure ROOM = new Measure(
            "elleve.audit.slot.room", "bytes", "WAL that may still come before the server gives the slot up");
    private static final Measure SILENCE = new Measure(
            "elleve.audit.source.silence",
            "seconds",
            "How long ago the source gave a sign of life; it does each second");

    private final Capture capture;
    private final List<SourceDatabase> sources;

    CaptureSampler(Capture capture, CaptureProperties properties) {
        this.capture = capture;
        this.sources = properties.sources().stream()
                .map(name -> new SourceDatabase(properties.capture(), name))
                .toList();
    }

    @Override
    public String name() {
        return "capture";
    }

    @Override
    public void sample(Sample sample) {
        var longest = Duration.ofDays(1);
        capture.silences()
                .forEach((source, silence) ->
                        sample.put(SILENCE, silence.compareTo(longest) > 0 ? longest : silence, "source", source));
        try {
            var lags = sources.getFirst().lags(); // slots are the whole server's
            for (var source : sources) {
                for (var lag : lags) {
                    if (lag.slot().equals(source.slot())) {
                        put(sample, source.name(), lag);
                    }
                }
            }
        } catch (SQLException away) {
            throw new IllegalStateException("The slots cannot be looked at: " + away.getMessage(), away);
        }
    }

    private static void put(Sample sample, String source, SlotLag lag) {
        sample.put(LAG, lag.lag(), "source", source);
        sample.put(HELD, lag.held(), "source", source);
        if (lag.room() != null) {
            sample.put(ROOM, lag.room(), "source", source);
        }
    }
}
