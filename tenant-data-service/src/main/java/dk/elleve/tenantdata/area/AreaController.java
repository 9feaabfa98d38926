package dk.elleve.tenantdata.area;

import dk.elleve.kit.cursor.Page;
import dk.elleve.kit.security.Caller;
import dk.elleve.kit.security.Role;
import dk.elleve.tenantdata.http.Bodies;
import dk.elleve.tenantdata.http.Precondition;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.annotation.security.RolesAllowed;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/areas")
class AreaController {

    private static final DataSize LARGEST = DataSize.ofKilobytes(64);

    /// An area as clients see it.
    @Schema(name = "Area")
    record View(
            String id,
            String purpose,
            String legalBasis,
            List<String> dataSubjects,
            List<String> dataCategories,
            List<String> recipients,
            String retention,
            Instant createdAt,
            Instant updatedAt) {

        static View of(Area area) {
            return new View(
                    area.id(),
                    area.purpose(),
                    area.legalBasis(),
                    area.dataSubjects(),
                    area.dataCategories(),
                    area.recipients(),
                    area.retention(),
                    area.createdAt(),
                    area.updatedAt());
        }
    }

    private final Areas areas;
    private final Bodies bodies;

    AreaController(Areas areas, Bodies bodies) {
        this.areas = areas;
        this.bodies = bodies;
    }

    @Operation(summary = "Define an area: purpose, legal basis and retention of its data")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "201")
    @PutMapping("/{area}")
    @RolesAllowed(Role.TENANT_ADMIN)
    ResponseEntity<View> put(
            @PathVariable String area,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String match,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String noneMatch,
            HttpServletRequest request) {
        var caller = Caller.current();
        var put = areas.put(
                caller.tenant(),
                caller.actor(),
                area,
                bodies.object(request, LARGEST),
                new Precondition(match, noneMatch));
        return ResponseEntity.status(put.created() ? HttpStatus.CREATED : HttpStatus.OK)
                .eTag(Precondition.tag(put.area().version()))
                .body(View.of(put.area()));
    }

    @Operation(summary = "One area")
    @GetMapping("/{area}")
    @RolesAllowed({Role.TENANT_ADMIN, Role.TENANT_USER, Role.TENANT_DPO})
    ResponseEntity<View> get(@PathVariable String area) {
        var found = areas.require(Caller.current().tenant(), area);
        return ResponseEntity.ok().eTag(Precondition.tag(found.version())).body(View.of(found));
    }

    @Operation(summary = "The areas of the tenant")
    @GetMapping
    @RolesAllowed({Role.TENANT_ADMIN, Role.TENANT_USER, Role.TENANT_DPO})
    Page<View> list(
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String cursor) {
        return areas.list(Caller.current().tenant(), limit, cursor).map(View::of);
    }
}
