package dk.elleve.kit.security;

import dk.elleve.kit.problem.CommonProblem;
import dk.elleve.kit.problem.ProblemBody;
import dk.elleve.kit.problem.ProblemKind;
import dk.elleve.kit.request.RequestId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import tools.jackson.databind.json.JsonMapper;

/// 401, 403 and 503 from the filter chain, in the same voice as every other problem.
public final class ProblemEntry implements AuthenticationEntryPoint, AccessDeniedHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemEntry.class);

    private final JsonMapper json;

    public ProblemEntry(JsonMapper json) {
        this.json = json;
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException failed)
            throws IOException {
        if (failed instanceof AuthenticationServiceException) {
            // The token may be good: the issuer's keys are what is missing, or not fetched again so soon.
            log.warn("A token could not be checked: {}", failed.getMessage());
            response.setHeader(HttpHeaders.RETRY_AFTER, "5");
            write(response, CommonProblem.BUSY, "The token cannot be checked at the moment; nothing was done. Retry.");
            return;
        }
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        write(
                response,
                CommonProblem.UNAUTHENTICATED,
                "The request carries no token, or one that is expired, forged or not ours.");
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException denied)
            throws IOException {
        write(response, CommonProblem.FORBIDDEN, "This needs a role that your account does not have.");
    }

    private void write(HttpServletResponse response, ProblemKind kind, String detail) throws IOException {
        response.setStatus(kind.status().value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        json.writeValue(response.getOutputStream(), ProblemBody.of(kind, detail, List.of(), RequestId.current()));
    }
}
