package dk.elleve.kit.problem;

import dk.elleve.kit.request.RequestId;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import tools.jackson.core.JacksonException;

/// Every exception that leaves a controller ends here, in one shape.
@RestControllerAdvice
final class ProblemAdvice {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    ResponseEntity<ProblemBody> problem(Problem problem) {
        var headers = new HttpHeaders();
        problem.headers().forEach(headers::set);
        return answer(problem.kind(), String.valueOf(problem.getMessage()), problem.errors(), headers);
    }

    @ExceptionHandler
    ResponseEntity<ProblemBody> denied(AccessDeniedException denied) {
        return answer(CommonProblem.FORBIDDEN, "This needs a role that your account does not have.");
    }

    @ExceptionHandler
    ResponseEntity<ProblemBody> invalid(MethodArgumentNotValidException invalid) {
        var errors = invalid.getFieldErrors().stream()
                .map(e -> new Problem.At(
                        "/" + e.getField().replace('.', '/').replace('[', '/').replace("]", ""),
                        String.valueOf(e.getDefaultMessage())))
                .toList();
        return answer(CommonProblem.INVALID_REQUEST, "Some fields are not valid.", errors, new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<ProblemBody> violated(ConstraintViolationException violated) {
        var errors = violated.getConstraintViolations().stream()
                .map(e -> new Problem.At(lastNode(e.getPropertyPath()), e.getMessage()))
                .toList();
        return answer(CommonProblem.INVALID_REQUEST, "Some values are not valid.", errors, new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<ProblemBody> mistyped(MethodArgumentTypeMismatchException mistyped) {
        return answer(
                CommonProblem.INVALID_REQUEST,
                "A part of the address does not have the form expected here.",
                List.of(new Problem.At(mistyped.getName(), "does not have the form expected here")),
                new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<ProblemBody> tooLarge(MaxUploadSizeExceededException tooLarge) {
        return answer(CommonProblem.BODY_TOO_LARGE, "Send less at once.");
    }

    private static String lastNode(Path path) {
        var last = "";
        for (var node : path) {
            last = String.valueOf(node.getName());
        }
        return last;
    }

    @ExceptionHandler
    ResponseEntity<ProblemBody> unreadable(HttpMessageNotReadableException unreadable) {
        // Only where, never what: the parser's own message repeats the value.
        var where = unreadable.getCause() instanceof JacksonException json && json.getLocation() != null
                ? " near line " + json.getLocation().getLineNr() + ", column "
                        + json.getLocation().getColumnNr()
                : "";
        return answer(
                CommonProblem.INVALID_REQUEST, "The body is missing or is not the JSON expected here" + where + ".");
    }

    @ExceptionHandler({TransientDataAccessException.class, CannotCreateTransactionException.class})
    ResponseEntity<ProblemBody> busy(Exception busy) {
        log.warn("A request met a database that is away or busy; the client is told to retry", busy);
        var headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, "2");
        return answer(
                CommonProblem.BUSY, "The database is away or busy; nothing was changed. Retry.", List.of(), headers);
    }

    /// The session ended under the work, perhaps while it committed.
    @ExceptionHandler({DataAccessResourceFailureException.class, TransactionSystemException.class})
    ResponseEntity<ProblemBody> lost(Exception lost) {
        log.warn("A request lost its database session; the client is told to retry", lost);
        var headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, "2");
        return answer(
                CommonProblem.BUSY,
                "The database went away; a write may or may not have happened. Retry, a POST with the same Idempotency-Key.",
                List.of(),
                headers);
    }

    @ExceptionHandler
    ResponseEntity<ProblemBody> other(Exception other) {
        // Spring's own exceptions know their status; what they say may repeat input, so only the title goes out.
        if (other instanceof ErrorResponse known && known.getStatusCode().is4xxClientError()) {
            var status = HttpStatus.valueOf(known.getStatusCode().value());
            var kind = CommonProblem.of(status);
            return ResponseEntity.status(status)
                    .headers(known.getHeaders())
                    .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                    .body(new ProblemBody(
                            "urn:elleve:problem:" + kind.code(),
                            kind.title(),
                            status.value(),
                            status.getReasonPhrase() + ".",
                            kind.code(),
                            "urn:uuid:" + RequestId.current(),
                            List.of()));
        }
        log.error("A request broke; the client got {}", CommonProblem.INTERNAL.code(), other);
        return answer(
                CommonProblem.INTERNAL,
                "It is logged under the id in `instance`. Retrying is safe with an Idempotency-Key.");
    }

    private static ResponseEntity<ProblemBody> answer(ProblemKind kind, String detail) {
        return answer(kind, detail, List.of(), new HttpHeaders());
    }

    private static ResponseEntity<ProblemBody> answer(
            ProblemKind kind, String detail, List<Problem.At> errors, HttpHeaders headers) {
        return ResponseEntity.status(kind.status())
                .headers(headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(ProblemBody.of(kind, detail, errors, RequestId.current()));
    }
}
