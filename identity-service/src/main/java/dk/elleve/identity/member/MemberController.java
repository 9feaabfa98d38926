package dk.elleve.identity.member;

import dk.elleve.contracts.TenantId;
import dk.elleve.identity.IdentityProblem;
import dk.elleve.identity.keycloak.KeycloakAdmin;
import dk.elleve.identity.keycloak.KeycloakAdmin.Organization;
import dk.elleve.identity.keycloak.KeycloakAdmin.User;
import dk.elleve.identity.tenant.Tenants;
import dk.elleve.kit.cursor.Cursors;
import dk.elleve.kit.cursor.Page;
import dk.elleve.kit.problem.CommonProblem;
import dk.elleve.kit.problem.Problem;
import dk.elleve.kit.security.Caller;
import dk.elleve.kit.security.Role;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// The people of a tenant. They are in Keycloak; this is a door to it that opens on one tenant only.
@RestController
class MemberController {

    private static final Set<String> TENANT_ROLES = Set.of(Role.TENANT_ADMIN, Role.TENANT_USER, Role.TENANT_DPO);

    /// Somebody who has a login, or somebody new.
    record Joining(
            @Nullable String login,
            @Nullable String email,
            @Nullable String firstName,
            @Nullable String lastName,
            @Nullable List<String> roles) {}

    record Member(
            String id,
            String login,
            @Nullable String email,
            @Nullable String firstName,
            @Nullable String lastName,
            boolean enabled) {

        static Member of(User user) {
            return new Member(
                    user.id(),
                    user.username(),
                    user.email(),
                    user.firstName(),
                    user.lastName(),
                    !Boolean.FALSE.equals(user.enabled()));
        }
    }

    private final Tenants tenants;
    private final KeycloakAdmin keycloak;
    private final Cursors cursors;

    MemberController(Tenants tenants, KeycloakAdmin keycloak, Cursors cursors) {
        this.tenants = tenants;
        this.keycloak = keycloak;
        this.cursors = cursors;
    }

    @Operation(summary = "Add a member to a tenant")
    @PostMapping("/tenants/{tenant}/members")
    @ResponseStatus(HttpStatus.CREATED)
    @RolesAllowed({Role.ADMINISTRATOR, Role.TENANT_ADMIN})
    Member join(@PathVariable String tenant, @RequestBody Joining body) {
        var organization = organization(tenant);
        var roles = body.roles() == null ? List.<String>of() : body.roles();
        if (!TENANT_ROLES.containsAll(roles)) {
            throw new Problem(
                    CommonProblem.INVALID_REQUEST,
                    "A member can only be given a tenant's role.",
                    List.of(new Problem.At("/roles", "one or more of tenant-admin, tenant-user, tenant-dpo")));
        }
        var user = user(body);
        if (body.login() != null) {
            requireFree(user, organization);
        }
        roles.forEach(role -> keycloak.giveRole(user.id(), role));
        // Last: until here the person can do nothing in this tenant.
        keycloak.addMember(organization, user.id());
        return Member.of(user);
    }

    @Operation(summary = "The members of a tenant")
    @GetMapping("/tenants/{tenant}/members")
    @RolesAllowed({Role.ADMINISTRATOR, Role.SUPPORT, Role.TENANT_ADMIN, Role.TENANT_DPO})
    Page<Member> list(
            @PathVariable String tenant, @RequestParam @Nullable Integer limit, @RequestParam @Nullable String cursor) {
        var list = "members/" + tenant;
        var first = cursor == null
                ? 0
                : Integer.parseInt(cursors.decode(list, cursor).getFirst());
        var size = Page.limit(limit);
        // Keycloak's list of members knows no keyset: the cursor hides its offset.
        return Page.of(
                        keycloak.members(organization(tenant), first, size + 1),
                        size,
                        last -> cursors.encode(list, List.of(Integer.toString(first + size))))
                .map(Member::of);
    }

    @Operation(summary = "Take a member out of a tenant")
    @DeleteMapping("/tenants/{tenant}/members/{member}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @RolesAllowed({Role.ADMINISTRATOR, Role.TENANT_ADMIN})
    void leave(@PathVariable String tenant, @PathVariable UUID member) {
        var organization = organization(tenant);
        var person = member.toString();
        if (keycloak.organizationsOf(person).stream()
                .noneMatch(each -> each.id().equals(organization.id()))) {
            throw IdentityProblem.UNKNOWN_MEMBER.with("Nobody of that id is a member of this tenant.");
        }
        // First: what somebody was in this tenant must not come along into the next one.
        keycloak.rolesOf(person).stream()
                .filter(TENANT_ROLES::contains)
                .forEach(role -> keycloak.takeRole(person, role));
        keycloak.removeMember(organization, person);
    }

    /// Roles are the realm's, and a token with two organizations opens none: nobody may be drawn in from elsewhere.
    private void requireFree(User user, Organization organization) {
        if (keycloak.rolesOf(user.id()).stream().anyMatch(Role.STAFF::contains)) {
            throw IdentityProblem.IS_STAFF.with("Make a login of its own for the work in the tenant.");
        }
        if (keycloak.organizationsOf(user.id()).stream()
                .anyMatch(other -> !other.id().equals(organization.id()))) {
            throw IdentityProblem.MEMBER_ELSEWHERE.with("The person has to leave the other tenant first.");
        }
    }

    private User user(Joining body) {
        if (body.login() != null) {
            // Whoever has a login anywhere on the platform is no tenant's business.
            if (!Caller.current().isStaff()) {
                throw new Problem(
                        CommonProblem.FORBIDDEN,
                        "Only an administrator brings in somebody by login; invite by email, firstName and lastName.",
                        List.of(new Problem.At("/login", "for administrators only")));
            }
            return keycloak.findUser(body.login())
                    .orElseThrow(
                            () -> IdentityProblem.UNKNOWN_LOGIN.with(
                                    "Give the login of somebody who has one, or email, firstName and lastName of somebody new."));
        }
        var missing = new ArrayList<Problem.At>();
        required(body.email(), "/email", missing);
        required(body.firstName(), "/firstName", missing);
        required(body.lastName(), "/lastName", missing);
        if (!missing.isEmpty() || body.email() == null || body.firstName() == null || body.lastName() == null) {
            throw new Problem(
                    CommonProblem.INVALID_REQUEST, "Give a login, or email, firstName and lastName.", missing);
        }
        return keycloak.createUser(body.email(), body.firstName(), body.lastName());
    }

    private static void required(@Nullable String value, String where, List<Problem.At> missing) {
        if (value == null || value.isBlank()) {
            missing.add(new Problem.At(where, "missing"));
        }
    }

    private Organization organization(String path) {
        TenantId id;
        try {
            id = new TenantId(path);
        } catch (IllegalArgumentException wrong) {
            throw IdentityProblem.UNKNOWN_TENANT.with("There is no such tenant.");
        }
        var caller = Caller.current();
        if (!caller.isStaff() && !caller.tenant().equals(id)) {
            throw IdentityProblem.UNKNOWN_TENANT.with("There is no tenant `" + id + "`.");
        }
        tenants.requireOpen(id);
        return keycloak.findOrganization(id)
                .orElseThrow(() -> IdentityProblem.UNKNOWN_TENANT.with("There is no tenant `" + id + "`."));
    }
}
