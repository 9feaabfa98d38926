package dk.elleve.kit.security;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import dk.elleve.kit.problem.CommonProblem;
import dk.elleve.kit.tenancy.Scope;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.jwt.Jwt;

/// Who is calling, as the token says.
///
/// @param subject the Keycloak subject
/// @param organizations the organizations the token carries; a member's token carries exactly one
/// @param roles the realm roles
public record Caller(String subject, Set<String> organizations, Set<String> roles) {

    private static final Pattern TENANT_ROLE = Pattern.compile("tenant-.*");

    public Caller {
        organizations = Set.copyOf(organizations);
        roles = Set.copyOf(roles);
    }

    /// The caller of the present request.
    ///
    /// @throws dk.elleve.kit.problem.Problem `unauthenticated` if nobody has signed in
    public static Caller current() {
        var authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication != null && authentication.getPrincipal() instanceof Caller caller) {
            return caller;
        }
        throw CommonProblem.UNAUTHENTICATED.with("The request carries no valid token.");
    }

    /// Reads `sub`, `realm_access.roles` and `organization` (a list of aliases, or an object keyed by alias).
    public static Caller of(Jwt token) {
        Object organization = token.getClaim("organization");
        var organizations = new TreeSet<String>();
        if (organization instanceof Map<?, ?> byAlias) {
            byAlias.keySet().forEach(alias -> organizations.add(String.valueOf(alias)));
        } else if (organization instanceof List<?> aliases) {
            aliases.forEach(alias -> organizations.add(String.valueOf(alias)));
        }
        var roles = new TreeSet<String>();
        if (token.getClaim("realm_access") instanceof Map<?, ?> access && access.get("roles") instanceof List<?> list) {
            list.forEach(role -> roles.add(String.valueOf(role)));
        }
        return new Caller(
                Objects.requireNonNull(token.getSubject(), "a token without a subject"), organizations, roles);
    }

    /// The one tenant the caller acts in, or null for staff.
    public @Nullable TenantId tenantOrNull() {
        return organizations.size() == 1 ? new TenantId(organizations.iterator().next()) : null;
    }

    /// The one tenant the caller acts in.
    ///
    /// @throws dk.elleve.kit.problem.Problem `tenant-required` if the token names none or several
    public TenantId tenant() {
        var tenant = tenantOrNull();
        if (tenant == null) {
            throw CommonProblem.TENANT_REQUIRED.with(
                    "Ask for a token with the scope organization:<alias> of the one tenant"
                            + " you want to act in; this one names " + organizations.size() + ".");
        }
        return tenant;
    }

    /// The tenant for its members, the platform for staff: what the caller may read.
    public Scope scope() {
        return isStaff() ? Scope.platform() : Scope.of(tenant());
    }

    public boolean has(String role) {
        return roles.contains(role);
    }

    /// Whether the caller belongs to the operator: no tenant, a role of the operator's and none of a tenant's. Somebody
    /// without any role is nobody: the platform's rows are not for whoever leaves the organization out of a token.
    public boolean isStaff() {
        return organizations.isEmpty()
                && roles.stream().anyMatch(Role.STAFF::contains)
                && roles.stream().noneMatch(role -> TENANT_ROLE.matcher(role).matches());
    }

    public Actor actor() {
        return new Actor(isStaff() ? Actor.Kind.STAFF : Actor.Kind.USER, subject, null);
    }
}
