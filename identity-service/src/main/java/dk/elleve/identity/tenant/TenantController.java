package dk.elleve.identity.tenant;

import dk.elleve.contracts.TenantId;
import dk.elleve.identity.IdentityProblem;
import dk.elleve.kit.cursor.Cursors;
import dk.elleve.kit.cursor.Page;
import dk.elleve.kit.problem.CommonProblem;
import dk.elleve.kit.problem.Problem;
import dk.elleve.kit.security.Caller;
import dk.elleve.kit.security.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.annotation.security.RolesAllowed;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class TenantController {

    private static final int LONGEST_NAME = 200;

    record Opening(@Nullable String id, @Nullable String name) {}

    private final Tenants tenants;
    private final Cursors cursors;

    TenantController(Tenants tenants, Cursors cursors) {
        this.tenants = tenants;
        this.cursors = cursors;
    }

    @Operation(summary = "Open a tenant")
    @ApiResponse(responseCode = "201")
    @ApiResponse(responseCode = "202")
    @PostMapping("/tenants")
    @RolesAllowed(Role.ADMINISTRATOR)
    ResponseEntity<Tenant> open(@RequestBody Opening body) {
        var id = id(body.id() == null ? "" : body.id(), "/id");
        var name = body.name() == null ? "" : body.name().strip();
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw new Problem(
                    CommonProblem.INVALID_REQUEST,
                    "The tenant's name is missing or too long.",
                    List.of(new Problem.At("/name", "1 to " + LONGEST_NAME + " characters: the company's name")));
        }
        var tenant = tenants.open(id, name, Caller.current().actor());
        var location = URI.create("/api/tenants/" + id);
        return tenant.state() == Tenant.State.OPENING
                ? ResponseEntity.accepted().location(location).body(tenant)
                : ResponseEntity.created(location).body(tenant);
    }

    @Operation(summary = "Tenants by id")
    @GetMapping("/tenants")
    @RolesAllowed({Role.ADMINISTRATOR, Role.AUDITOR, Role.DPO, Role.SUPPORT, Role.TECHNICAL_MANAGER})
    Page<Tenant> list(@RequestParam @Nullable Integer limit, @RequestParam @Nullable String cursor) {
        var after = cursor == null ? "" : cursors.decode("tenants", cursor).getFirst();
        var size = Page.limit(limit);
        return Page.of(
                tenants.list(after, size + 1),
                size,
                last -> cursors.encode("tenants", List.of(last.id().value())));
    }

    @Operation(summary = "One tenant")
    @GetMapping("/tenants/{tenant}")
    @RolesAllowed({
        Role.ADMINISTRATOR,
        Role.AUDITOR,
        Role.DPO,
        Role.SUPPORT,
        Role.TECHNICAL_MANAGER,
        Role.TENANT_ADMIN,
        Role.TENANT_USER,
        Role.TENANT_DPO
    })
    Tenant get(@PathVariable String tenant) {
        var id = own(tenant);
        return tenants.find(id)
                .orElseThrow(() -> IdentityProblem.UNKNOWN_TENANT.with("There is no tenant `" + id + "`."));
    }

    @Operation(summary = "Close a tenant after its grace period")
    @PostMapping("/tenants/{tenant}/closure")
    @RolesAllowed(Role.ADMINISTRATOR)
    Tenant close(@PathVariable String tenant) {
        return tenants.close(id(tenant, "tenant"), Caller.current().actor());
    }

    @Operation(summary = "Take the closing back within the grace period")
    @DeleteMapping("/tenants/{tenant}/closure")
    @RolesAllowed(Role.ADMINISTRATOR)
    Tenant keep(@PathVariable String tenant) {
        return tenants.keep(id(tenant, "tenant"), Caller.current().actor());
    }

    /// A member sees the own tenant; another one looks to them like one that does not exist.
    private static TenantId own(String path) {
        var id = id(path, "tenant");
        var caller = Caller.current();
        if (!caller.isStaff() && !caller.tenant().equals(id)) {
            throw IdentityProblem.UNKNOWN_TENANT.with("There is no tenant `" + id + "`.");
        }
        return id;
    }

    private static TenantId id(String text, String where) {
        try {
            return new TenantId(text);
        } catch (IllegalArgumentException wrong) {
            throw new Problem(
                    CommonProblem.INVALID_REQUEST,
                    "The tenant's id is not valid.",
                    List.of(new Problem.At(where, String.valueOf(wrong.getMessage()))));
        }
    }
}
