package dk.elleve.kit.trace;

import io.opentelemetry.api.trace.Span;
import org.jspecify.annotations.Nullable;

/// The trace of the present work. It has an id whether or not it is sampled, so that logs, events and entries can
/// always be joined.
public final class Trace {

    private Trace() {}

    /// 32 hexadecimal digits; absent where nothing is traced.
    public static @Nullable String id() {
        var context = Span.current().getSpanContext();
        return context.isValid() ? context.getTraceId() : null;
    }

    /// What goes into the header `traceparent`, so that the next one carries on; absent where nothing is traced.
    public static @Nullable String parent() {
        var context = Span.current().getSpanContext();
        return context.isValid()
                ? "00-" + context.getTraceId() + "-" + context.getSpanId() + "-"
                        + context.getTraceFlags().asHex()
                : null;
    }
}
