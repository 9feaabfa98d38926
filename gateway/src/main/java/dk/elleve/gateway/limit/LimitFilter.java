package dk.elleve.gateway.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dk.elleve.kit.measure.Measure;
import dk.elleve.kit.problem.CommonProblem;
import dk.elleve.kit.problem.ProblemBody;
import dk.elleve.kit.problem.ProblemKind;
import dk.elleve.kit.request.RequestId;
import dk.elleve.kit.security.Caller;
import io.github.bucket4j.Bucket;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/// Limits per tenant, so that one tenant's flood is not another's outage. Runs when the caller is known.
public final class LimitFilter extends OncePerRequestFilter {

    private static final Measure REFUSALS =
            new Measure("elleve.gateway.refusals", "Requests the door refused by itself, by reason");

    private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "OPTIONS", "DELETE");
    private static final String IMPORT = "/records:import";

    enum LimitProblem implements ProblemKind {
        TOO_MANY_REQUESTS(HttpStatus.TOO_MANY_REQUESTS, "Too many requests"),
        LENGTH_REQUIRED(HttpStatus.LENGTH_REQUIRED, "Say how long the body is");

        private final HttpStatus status;
        private final String title;

        LimitProblem(HttpStatus status, String title) {
            this.status = status;
            this.title = title;
        }

        @Override
        public HttpStatus status() {
            return status;
        }

        @Override
        public String title() {
            return title;
        }
    }

    private final LimitProperties limits;
    private final JsonMapper json;
    private final MeterRegistry meters;
    private final Cache<String, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(100_000)
            .expireAfterAccess(Duration.ofMinutes(10))
            .build();

    LimitFilter(LimitProperties limits, JsonMapper json, MeterRegistry meters) {
        this.limits = limits;
        this.json = json;
        this.meters = meters;
        Stream.of(
                        LimitProblem.TOO_MANY_REQUESTS,
                        LimitProblem.LENGTH_REQUIRED,
                        CommonProblem.BODY_TOO_LARGE,
                        CommonProblem.UNAUTHENTICATED)
                .forEach(kind -> REFUSALS.counter(meters, "reason", kind.code()));
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getRequestURI().startsWith("/api/");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var length = request.getContentLengthLong();
        var largest = request.getRequestURI().endsWith(IMPORT) ? limits.importBody() : limits.body();
        if (length > largest.toBytes()) {
            refuse(
                    response,
                    CommonProblem.BODY_TOO_LARGE,
                    "A body has at most " + largest.toBytes()
                            + " bytes here; send many records through an import, and a large import in several requests.");
            return;
        }
        if (length < 0
                && !WITHOUT_BODY.contains(request.getMethod())
                && request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null) {
            refuse(
                    response,
                    LimitProblem.LENGTH_REQUIRED,
                    "Send the header Content-Length; bodies of unknown length are not taken.");
            return;
        }
        if (passes(bucket(request), response)) {
            chain.doFilter(request, response);
        }
    }

    /// A token that does not count is refused before this filter is reached, so its sender is counted here: after the
    /// check, and not before it, since many people share an address and a stranger's flood is not their outage.
    public AuthenticationEntryPoint counting(AuthenticationEntryPoint refusal) {
        return (request, response, failed) -> {
            if (passes(strangers(request), response)) {
                counted(CommonProblem.UNAUTHENTICATED.code());
                refusal.commence(request, response, failed);
            }
        };
    }

    private boolean passes(Bucket bucket, HttpServletResponse response) throws IOException {
        var probe = bucket.tryConsumeAndReturnRemaining(1);
        if (probe.isConsumed()) {
            return true;
        }
        long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill() + 999_999_999L));
        response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
        refuse(response, LimitProblem.TOO_MANY_REQUESTS, "Wait " + seconds + " s, then go on more slowly.");
        return false;
    }

    private Bucket bucket(HttpServletRequest request) {
        var authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication != null && authentication.getPrincipal() instanceof Caller caller) {
            var key = caller.organizations().isEmpty()
                    ? "staff:" + caller.subject()
                    : "tenant:" + caller.organizations().iterator().next();
            return buckets.get(key, k -> bucket(limits.perSecond(), limits.burst()));
        }
        return strangers(request);
    }

    private Bucket strangers(HttpServletRequest request) {
        return buckets.get(
                "stranger:" + request.getRemoteAddr(),
                k -> bucket(limits.strangersPerSecond(), 4 * limits.strangersPerSecond()));
    }

    private static Bucket bucket(int perSecond, int burst) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(burst).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .build();
    }

    private void counted(String reason) {
        REFUSALS.counter(meters, "reason", reason).increment();
    }

    private void refuse(HttpServletResponse response, ProblemKind kind, String detail) throws IOException {
        counted(kind.code());
        response.setStatus(kind.status().value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        json.writeValue(response.getOutputStream(), ProblemBody.of(kind, detail, List.of(), RequestId.current()));
    }
}
