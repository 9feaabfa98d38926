package dk.elleve.tenantdata.collection;

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
import tools.jackson.databind.node.ObjectNode;

@RestController
@RequestMapping("/areas/{area}/collections")
class CollectionController {

    private static final DataSize LARGEST = DataSize.ofKilobytes(128);

    /// A collection as clients see it.
    @Schema(name = "Collection")
    record View(String id, ObjectNode schema, @Nullable String retentionFrom, Instant createdAt, Instant updatedAt) {

        static View of(Definition definition) {
            return new View(
                    definition.place().collection(),
                    definition.schema(),
                    definition.retentionFrom(),
                    definition.createdAt(),
                    definition.updatedAt());
        }
    }

    private final Collections collections;
    private final Bodies bodies;

    CollectionController(Collections collections, Bodies bodies) {
        this.collections = collections;
        this.bodies = bodies;
    }

    @Operation(summary = "Define a collection by its JSON Schema; `x-personal` marks personal fields")
    @ApiResponse(responseCode = "200")
    @ApiResponse(responseCode = "201")
    @PutMapping("/{collection}")
    @RolesAllowed(Role.TENANT_ADMIN)
    ResponseEntity<View> put(
            @PathVariable String area,
            @PathVariable String collection,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String match,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String noneMatch,
            HttpServletRequest request) {
        var caller = Caller.current();
        var put = collections.put(
                new Place(caller.tenant(), area, collection),
                caller.actor(),
                bodies.object(request, LARGEST),
                new Precondition(match, noneMatch));
        return ResponseEntity.status(put.created() ? HttpStatus.CREATED : HttpStatus.OK)
                .eTag(Precondition.tag(put.definition().version()))
                .body(View.of(put.definition()));
    }

    @Operation(summary = "One collection")
    @GetMapping("/{collection}")
    @RolesAllowed({Role.TENANT_ADMIN, Role.TENANT_USER, Role.TENANT_DPO})
    ResponseEntity<View> get(@PathVariable String area, @PathVariable String collection) {
        var found = collections.require(new Place(Caller.current().tenant(), area, collection));
        return ResponseEntity.ok().eTag(Precondition.tag(found.version())).body(View.of(found));
    }

    @Operation(summary = "The collections of an area")
    @GetMapping
    @RolesAllowed({Role.TENANT_ADMIN, Role.TENANT_USER, Role.TENANT_DPO})
    Page<View> list(
            @PathVariable String area,
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String cursor) {
        return collections.list(Caller.current().tenant(), area, limit, cursor).map(View::of);
    }
}
