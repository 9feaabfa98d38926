package dk.elleve.gateway.access;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import dk.elleve.contracts.gateway.Access;
import dk.elleve.kit.measure.Measure;
import dk.elleve.kit.request.RequestId;
import dk.elleve.kit.security.Caller;
import dk.elleve.kit.spool.Spool;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/// Keeps the accesses that matter: each denial of somebody who showed a token, everything that staff do, and whoever
/// looks
/// into the audit log. The record
/// is durable before the first byte of the answer leaves; if it cannot be kept, the answer is a refusal.
@Component
public class AccessRecorder {

    private static final Pattern ID =
            Pattern.compile("(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9:_-]{0,62}");

    private static final Measure RECORDED =
            new Measure("elleve.gateway.accesses.recorded", "Accesses that were put on record, by reason");

    private final Spool spool;
    private final Clock clock;
    private final Map<String, Counter> recorded;

    AccessRecorder(Spool spool, Clock clock, MeterRegistry meters) {
        this.spool = spool;
        this.clock = clock;
        this.recorded = Stream.of(Kept.DENIED, Kept.STAFF, Kept.AUDIT)
                .collect(Collectors.toUnmodifiableMap(
                        Function.identity(), reason -> RECORDED.counter(meters, "reason", reason)));
    }

    /// Around the call to a service: the status is known, nothing is sent yet.
    public ServerResponse record(ServerRequest request, HandlerFunction<ServerResponse> next) throws Exception {
        var started = clock.instant();
        var response = next.handle(request);
        keep(request.method().name(), request.path(), response.statusCode().value(), started);
        return response;
    }

    /// A refusal by the door itself, before any service was asked.
    public void refused(String method, String path, int status) {
        keep(method, path, status, clock.instant());
    }

    private void keep(String method, String path, int status, Instant started) {
        var caller = caller();
        var reason = Kept.reason(caller, path, status);
        if (reason.isEmpty()) {
            return;
        }
        var tenant = caller == null ? null : safeTenant(caller);
        var now = clock.instant();
        spool.append(
                Topic.GATEWAY_ACCESSES,
                tenant == null ? "platform" : tenant.value(),
                tenant,
                new Access(
                        RequestId.current(),
                        tenant,
                        caller == null ? Actor.NOBODY : caller.actor(),
                        method,
                        withoutPersons(path),
                        status,
                        reason.get(),
                        -1,
                        Duration.between(started, now).toMillis(),
                        now));
        Objects.requireNonNull(recorded.get(reason.get())).increment();
    }

    /// Anything can stand in a path, also a civil registration number or an e-mail address; the record travels in
    /// clear.
    /// What is neither an id nor a word of ours is left out.
    static String withoutPersons(String path) {
        return Arrays.stream(path.split("/", -1))
                .map(segment -> segment.isEmpty()
                                || ID.matcher(segment).matches()
                                || WORD.matcher(segment).matches()
                        ? segment
                        : "*")
                .collect(Collectors.joining("/"));
    }

    private static @Nullable Caller caller() {
        var authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication != null && authentication.getPrincipal() instanceof Caller caller ? caller : null;
    }

    private static @Nullable TenantId safeTenant(Caller caller) {
        try {
            return caller.tenantOrNull();
        } catch (IllegalArgumentException notATenant) {
            return null;
        }
    }

    /// Which accesses are kept, and why.
    static final class Kept {

        static final String DENIED = "denied";
        static final String STAFF = "staff";
        static final String AUDIT = "audit";

        /// What the log says is read there; proofs and checkpoints say nothing.
        private static final List<String> LOG = List.of("/api/audit/entries", "/api/audit/export");

        private Kept() {}

        static Optional<String> reason(@Nullable Caller caller, String path, int status) {
            if (caller == null) {
                // Strangers without a valid token are counted by the limiter, not kept one by one: they could fill the
                // log.
                return Optional.empty();
            }
            if (status == 401 || status == 403 || status == 404) {
                return Optional.of(DENIED);
            }
            if (caller.isStaff()) {
                return Optional.of(STAFF);
            }
            return LOG.stream().anyMatch(path::startsWith) ? Optional.of(AUDIT) : Optional.empty();
        }
    }
}
