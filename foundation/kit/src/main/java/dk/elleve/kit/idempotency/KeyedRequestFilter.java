package dk.elleve.kit.idempotency;

import dk.elleve.kit.problem.CommonProblem;
import dk.elleve.kit.problem.ProblemBody;
import dk.elleve.kit.request.RequestId;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/// Reads the body of a POST that carries an `Idempotency-Key` once, so that it can be compared when the key comes
/// again.
final class KeyedRequestFilter extends OncePerRequestFilter {

    private static final String HEADER = "Idempotency-Key";
    private static final int LONGEST_KEY = 200;
    private static final int LARGEST_BODY = 16 * 1024 * 1024;

    private final JsonMapper json;

    KeyedRequestFilter(JsonMapper json) {
        this.json = json;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getHeader(HEADER) == null || !request.getMethod().equals("POST");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var key = request.getHeader(HEADER);
        if (key.isBlank() || key.length() > LONGEST_KEY) {
            refuse(response, CommonProblem.INVALID_REQUEST, "Idempotency-Key has 1 to " + LONGEST_KEY + " characters.");
            return;
        }
        var body = body(request);
        if (body.length > LARGEST_BODY) {
            refuse(response, CommonProblem.BODY_TOO_LARGE, "A body with an Idempotency-Key has at most 16 MiB.");
            return;
        }
        request.setAttribute(KeyedRequest.ATTRIBUTE, new KeyedRequest(key, digest(request, body)));
        chain.doFilter(new Replayed(request, body), response);
    }

    /// Read before anybody knows whether the caller may, so there is one copy and it has the declared size.
    private static byte[] body(HttpServletRequest request) throws IOException {
        var in = request.getInputStream();
        var declared = request.getContentLengthLong();
        if (declared < 0 || declared > LARGEST_BODY) {
            return in.readNBytes(LARGEST_BODY + 1);
        }
        var body = new byte[(int) declared];
        int length = in.readNBytes(body, 0, body.length);
        return length == body.length ? body : Arrays.copyOf(body, length);
    }

    private static byte[] digest(HttpServletRequest request, byte[] body) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update((request.getMethod() + " " + request.getRequestURI() + "?" + request.getQueryString() + "\n")
                    .getBytes(StandardCharsets.UTF_8));
            return digest.digest(body);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JDK has SHA-256", impossible);
        }
    }

    private void refuse(HttpServletResponse response, CommonProblem kind, String detail) throws IOException {
        response.setStatus(kind.status().value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        json.writeValue(response.getOutputStream(), ProblemBody.of(kind, detail, List.of(), RequestId.current()));
    }

    private static final class Replayed extends HttpServletRequestWrapper {

        private final byte[] body;

        Replayed(HttpServletRequest request, byte[] body) {
            super(request);
            this.body = body;
        }

        @Override
        public ServletInputStream getInputStream() {
            var bytes = new ByteArrayInputStream(body);
            return new ServletInputStream() {
                @Override
                public boolean isFinished() {
                    return bytes.available() == 0;
                }

                @Override
                public boolean isReady() {
                    return true;
                }

                @Override
                public void setReadListener(ReadListener listener) {
                    throw new IllegalStateException("This body is read by blocking calls");
                }

                @Override
                public int read() {
                    return bytes.read();
                }

                @Override
                public int read(byte[] buffer, int offset, int length) {
                    return bytes.read(buffer, offset, length);
                }
            };
        }

        @Override
        public BufferedReader getReader() {
            return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
        }
    }
}
