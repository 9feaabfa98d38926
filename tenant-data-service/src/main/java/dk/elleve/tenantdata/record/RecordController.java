package dk.elleve.tenantdata.record;

import dk.elleve.kit.cursor.Page;
import dk.elleve.kit.security.Caller;
import dk.elleve.kit.security.Role;
import dk.elleve.tenantdata.collection.Place;
import dk.elleve.tenantdata.http.Bodies;
import dk.elleve.tenantdata.http.Precondition;
import dk.elleve.tenantdata.record.RecordCounters.Handling;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.annotation.security.RolesAllowed;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

@RestController
@RequestMapping("/areas/{area}/collections/{collection}/records")
class RecordController {

    private final Records records;
    private final Bodies bodies;
    private final RecordProperties limits;
    private final RecordCounters counters;

    RecordController(Records records, Bodies bodies, RecordProperties limits, RecordCounters counters) {
        this.records = records;
        this.bodies = bodies;
        this.limits = limits;
        this.counters = counters;
    }

    @Operation(summary = "Create a record")
    @ApiResponse(responseCode = "201")
    @PostMapping
    @RolesAllowed({Role.TENANT_ADMIN, Role.TENANT_USER})
    ResponseEntity<ObjectNode> create(
            @PathVariable String area, @PathVariable String collection, HttpServletRequest request) {
        var caller = Caller.current();
        var made = records.create(
                new Place(caller.tenant(), area, collection), caller.actor(), bodies.object(request, limits.largest()));
        counters.handled(Handling.CREATED, 1);
        return ResponseEntity.created(
                        URI.create("/areas/" + area + "/collections/" + collection + "/records/" + made.id()))
                .eTag(Precondition.tag(made.version()))
                .body(made.body());
    }

    @Operation(summary = "Records that fit a filter, such as `level ge 3 and email eq \"x@y.dk\"`")
    @GetMapping
    @RolesAllowed({Role.TENANT_ADMIN, Role.TENANT_USER, Role.TENANT_DPO})
    Page<ObjectNode> list(
            @PathVariable String area,
            @PathVariable String collection,
            @RequestParam(required = false) @Nullable String filter,
            @RequestParam(required = false) @Nullable String sort,
            @RequestParam(required = false) @Nullable String select,
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String cursor) {
        var caller = Caller.current();
        var page = records.page(
                new Place(caller.tenant(), area, collection),
                caller.actor(),
                new Records.Query(filter, sort, select, limit, cursor));
        counters.handled(Handling.SHOWN, page.items().size());
        return page;
    }

    @Operation(summary = "One record")
    @GetMapping("/{id}")
    @RolesAllowed({Role.TENANT_ADMIN, Role.TENANT_USER, Role.TENANT_DPO})
    ResponseEntity<ObjectNode> get(
            @PathVariable String area, @PathVariable String collection, @PathVariable String id) {
        var caller = Caller.current();
        return answer(Handling.SHOWN, records.find(new Place(caller.tenant(), area, collection), caller.actor(), id));
    }

    @Operation(summary = "Replace a record")
    @PutMapping("/{id}")
    @RolesAllowed({Role.TENANT_ADMIN, Role.TENANT_USER})
    ResponseEntity<ObjectNode> put(
            @PathVariable String area,
            @PathVariable String collection,
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String match,
            HttpServletRequest request) {
        var caller = Caller.current();
        return answer(
                Handling.CHANGED,
                records.replace(
                        new Place(caller.tenant(), area, collection),
                        caller.actor(),
                        id,
                        bodies.object(request, limits.largest()),
                        new Precondition(match, null)));
    }

    @Operation(summary = "Change fields of a record (JSON merge patch)")
    @PatchMapping("/{id}")
    @RolesAllowed({Role.TENANT_ADMIN, Role.TENANT_USER})
    ResponseEntity<ObjectNode> patch(
            @PathVariable String area,
            @PathVariable String collection,
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String match,
            HttpServletRequest request) {
        var caller = Caller.current();
        return answer(
                Handling.CHANGED,
                records.patch(
                        new Place(caller.tenant(), area, collection),
                        caller.actor(),
                        id,
                        bodies.object(request, limits.largest()),
                        new Precondition(match, null)));
    }

    @Operation(summary = "Delete a record")
    @ApiResponse(responseCode = "204")
    @DeleteMapping("/{id}")
    @RolesAllowed({Role.TENANT_ADMIN, Role.TENANT_USER})
    ResponseEntity<Void> delete(
            @PathVariable String area,
            @PathVariable String collection,
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String match) {
        var caller = Caller.current();
        records.delete(new Place(caller.tenant(), area, collection), caller.actor(), id, new Precondition(match, null));
        counters.handled(Handling.DELETED, 1);
        return ResponseEntity.noContent().build();
    }

    private ResponseEntity<ObjectNode> answer(Handling operation, Records.Shown shown) {
        counters.handled(operation, 1);
        return ResponseEntity.ok().eTag(Precondition.tag(shown.version())).body(shown.body());
    }
}
