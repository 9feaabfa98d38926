package dk.elleve.gateway.session;

import dk.elleve.gateway.access.AccessRecorder;
import dk.elleve.kit.problem.CommonProblem;
import dk.elleve.kit.problem.ProblemBody;
import dk.elleve.kit.request.RequestId;
import dk.elleve.kit.security.Caller;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/// A member's token names exactly one organization. With none or several nobody could say whose data is
/// meant, so it goes no further.
final class OneTenantFilter extends OncePerRequestFilter {

    private final AccessRecorder accesses;
    private final JsonMapper json;

    OneTenantFilter(AccessRecorder accesses, JsonMapper json) {
        this.accesses = accesses;
        this.json = json;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication != null
                && authentication.getPrincipal() instanceof Caller caller
                && !caller.isStaff()
                && caller.organizations().size() != 1) {
            accesses.refused(request.getMethod(), request.getRequestURI(), 403);
            response.setStatus(403);
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            json.writeValue(
                    response.getOutputStream(),
                    ProblemBody.of(
                            CommonProblem.TENANT_REQUIRED,
                            "A member's token names exactly one organization; this one names "
                                    + caller.organizations().size()
                                    + ". Ask for the scope organization:<alias> of the tenant you want to act in.",
                            List.of(),
                            RequestId.current()));
            return;
        }
        chain.doFilter(request, response);
    }
}
