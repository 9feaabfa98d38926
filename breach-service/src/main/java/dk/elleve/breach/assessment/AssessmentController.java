package dk.elleve.breach.assessment;

import dk.elleve.kit.problem.CommonProblem;
import dk.elleve.kit.problem.Problem;
import dk.elleve.kit.security.Role;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/// Assesses facts and keeps nothing.
@RestController
class AssessmentController {

    private final FactsReader reader;
    private final Assessor assessor;

    AssessmentController(FactsReader reader, Assessor assessor) {
        this.reader = reader;
        this.assessor = assessor;
    }

    @RolesAllowed({
        Role.DPO,
        Role.ADMINISTRATOR,
        Role.TECHNICAL_MANAGER,
        Role.SUPPORT,
        Role.AUDITOR,
        Role.TENANT_ADMIN,
        Role.TENANT_DPO
    })
    @Operation(summary = "Assess facts and keep nothing")
    @PostMapping("/breaches/assessments")
    Assessment assess(@RequestBody @Nullable JsonNode body) {
        var facts = reader.read(body, "");
        if (facts.kinds() == null || facts.kinds().isEmpty()) {
            throw new Problem(
                    CommonProblem.INVALID_REQUEST,
                    "Some facts are not valid.",
                    List.of(new Problem.At("/kinds", "is needed: at least one of C, I and A")));
        }
        return assessor.assess(facts);
    }
}
