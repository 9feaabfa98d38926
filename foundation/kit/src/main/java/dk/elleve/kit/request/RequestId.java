package dk.elleve.kit.request;

import dk.elleve.kit.time.Ids;
import org.slf4j.MDC;

/// The id of the request being served: given by the gateway in `X-Request-Id`, kept in the log context,
/// written into the attribution of every change and the id of every access record, so that one id joins
/// them.
public final class RequestId {

    public static final String HEADER = "X-Request-Id";
    static final String KEY = "request.id";

    private RequestId() {}

    /// The present request's id; outside a request a new one.
    public static String current() {
        var id = MDC.get(KEY);
        return id == null ? Ids.nextText() : id;
    }
}
