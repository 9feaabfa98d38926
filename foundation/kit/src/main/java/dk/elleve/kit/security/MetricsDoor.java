package dk.elleve.kit.security;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.security.web.util.matcher.RequestMatcher;

/// Who may read `/actuator/prometheus`, which asks for no token: whoever reaches the port that is the metrics' own,
/// where there is one (the network decides who does); otherwise a program on this very machine, but nobody who comes
/// through a proxy on it.
public final class MetricsDoor implements RequestMatcher {

    private static final List<String> PROXIES = List.of("Forwarded", "X-Forwarded-For", "Via", "X-Real-IP");

    private final @Nullable Integer ownPort;

    public MetricsDoor(Environment environment) {
        var own = environment.getProperty("management.server.port", Integer.class);
        this.ownPort = own == null || own.equals(environment.getProperty("server.port", Integer.class)) ? null : own;
    }

    @Override
    public boolean matches(HttpServletRequest request) {
        if (!request.getRequestURI().equals("/actuator/prometheus")) {
            return false;
        }
        return ownPort == null ? isFromHere(request) : request.getLocalPort() == ownPort;
    }

    private static boolean isFromHere(HttpServletRequest request) {
        return InetAddress.ofLiteral(request.getRemoteAddr()).isLoopbackAddress()
                && PROXIES.stream().allMatch(name -> request.getHeader(name) == null);
    }
}
