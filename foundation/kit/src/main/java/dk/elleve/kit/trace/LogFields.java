package dk.elleve.kit.trace;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/// The fields that every line of a log carries while a request or an event is handled; the request's id has its own
/// place ([dk.elleve.kit.request.RequestId]).
public final class LogFields {

    static final String TRACE = "trace.id";
    static final String SPAN = "span.id";
    static final String TENANT = "tenant.id";
    static final String GRANT = "grant.id";

    private LogFields() {}

    /// Whose work follows; ends with [#clear].
    public static void put(@Nullable String tenant, @Nullable String grant) {
        if (tenant != null) {
            MDC.put(TENANT, tenant);
        }
        if (grant != null) {
            MDC.put(GRANT, grant);
        }
    }

    public static void clear() {
        MDC.remove(TENANT);
        MDC.remove(GRANT);
    }
}
