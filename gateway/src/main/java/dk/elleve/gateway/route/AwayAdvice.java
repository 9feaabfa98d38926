package dk.elleve.gateway.route;

import dk.elleve.kit.problem.CommonProblem;
import dk.elleve.kit.problem.ProblemBody;
import dk.elleve.kit.request.RequestId;
import dk.elleve.kit.spool.Spool;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.client.ResourceAccessException;

/// A service behind the door that does not answer.
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class AwayAdvice {

    private static final Logger log = LoggerFactory.getLogger(AwayAdvice.class);

    @ExceptionHandler({ResourceAccessException.class, java.io.IOException.class})
    ResponseEntity<ProblemBody> away(Exception away) {
        log.warn("A service behind the gateway does not answer", away);
        return answer("The part that answers this is away; what was asked may or may not have happened. "
                + "Retry, with the same Idempotency-Key if it was a POST.");
    }

    @ExceptionHandler
    ResponseEntity<ProblemBody> full(Spool.SpoolFull full) {
        log.error("The access record cannot be kept, so requests that need one are refused", full);
        return answer("The record of this request cannot be kept at the moment, so it was not answered. Retry later.");
    }

    private static ResponseEntity<ProblemBody> answer(String detail) {
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .header(HttpHeaders.RETRY_AFTER, "3")
                .body(ProblemBody.of(CommonProblem.BUSY, detail, List.of(), RequestId.current()));
    }
}
