package dk.elleve.tenantdata.record;

import dk.elleve.kit.problem.CommonProblem;
import dk.elleve.kit.problem.Problem;
import dk.elleve.kit.security.Caller;
import dk.elleve.kit.security.Role;
import dk.elleve.tenantdata.collection.Place;
import dk.elleve.tenantdata.http.Bodies;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ImportController {

    private final Imports imports;
    private final Bodies bodies;
    private final RecordProperties limits;
    private final RecordCounters counters;

    ImportController(Imports imports, Bodies bodies, RecordProperties limits, RecordCounters counters) {
        this.imports = imports;
        this.bodies = bodies;
        this.limits = limits;
        this.counters = counters;
    }

    @Operation(summary = "Import records from NDJSON or CSV")
    @PostMapping("/areas/{area}/collections/{collection}/records:import")
    @RolesAllowed({Role.TENANT_ADMIN, Role.TENANT_USER})
    Imports.Report take(
            @PathVariable String area,
            @PathVariable String collection,
            @RequestParam(defaultValue = "refuse") String onError,
            HttpServletRequest request) {
        var caller = Caller.current();
        if (!onError.equals("refuse") && !onError.equals("skip")) {
            throw new Problem(
                    CommonProblem.INVALID_REQUEST,
                    "One parameter is not valid.",
                    List.of(new Problem.At("onError", "is refuse or skip")));
        }
        var report = imports.take(
                new Place(caller.tenant(), area, collection),
                caller.actor(),
                Rows.Form.of(request.getContentType()),
                bodies.bytes(request, limits.largestImport()),
                onError.equals("skip"));
        counters.handled(RecordCounters.Handling.IMPORTED, report.imported());
        return report;
    }
}
