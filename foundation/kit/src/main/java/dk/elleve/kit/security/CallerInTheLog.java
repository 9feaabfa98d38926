package dk.elleve.kit.security;

import dk.elleve.kit.trace.LogFields;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/// Names the caller's tenant and grant in every line of the log that the request makes. Runs in the security chain,
/// where the caller is known; never names a person.
public final class CallerInTheLog extends OncePerRequestFilter {

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication != null && authentication.getPrincipal() instanceof Caller caller) {
            LogFields.put(
                    caller.organizations().size() == 1
                            ? caller.organizations().iterator().next()
                            : null,
                    caller.actor().grant());
        }
        try {
            chain.doFilter(request, response);
        } finally {
            LogFields.clear();
        }
    }
}
