package dk.elleve.kit.request;

import dk.elleve.kit.time.Ids;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;
import org.slf4j.MDC;
import org.springframework.web.filter.OncePerRequestFilter;

/// Takes the id the gateway gave, or makes one, and says it in the answer.
final class RequestIdFilter extends OncePerRequestFilter {

    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final boolean believes;

    /// @param believes whether a caller may give the id: true behind the gateway, false in it
    RequestIdFilter(boolean believes) {
        this.believes = believes;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var given = request.getHeader(RequestId.HEADER);
        var id = believes && given != null && UUID.matcher(given).matches() ? given : Ids.nextText();
        MDC.put(RequestId.KEY, id);
        response.setHeader(RequestId.HEADER, id);
        try {
            chain.doFilter(request, response);
        } finally {
            MDC.remove(RequestId.KEY);
        }
    }
}
