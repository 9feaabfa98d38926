package dk.elleve.kit.problem;

import dk.elleve.kit.request.RequestId;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.annotation.security.PermitAll;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// What goes wrong before or behind the controllers (the container, the firewall, a filter) is told in the same shape.
@RestController
@Hidden
@PermitAll
class ProblemErrors implements ErrorController {

    @RequestMapping("/error")
    ResponseEntity<ProblemBody> error(HttpServletRequest request) {
        var status = Optional.ofNullable(request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE))
                .map(code -> HttpStatus.resolve((Integer) code))
                .orElse(HttpStatus.NOT_FOUND);
        var kind = CommonProblem.of(status);
        return ResponseEntity.status(status)
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
}
