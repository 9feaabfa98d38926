package dk.elleve.kit.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import dk.elleve.kit.problem.Problem;
import dk.elleve.kit.tenancy.Scope;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CallerTest {

    static Caller caller(Set<String> organizations, String... roles) {
        return new Caller("0193c0de-0000-4000-8000-000000000001", organizations, Set.of(roles));
    }

    @Test
    void a_member_acts_in_its_one_tenant() {
        var member = caller(Set.of("nord"), Role.TENANT_ADMIN);

        assertThat(member.scope()).isEqualTo(Scope.of(new TenantId("nord")));
        assertThat(member.actor().kind()).isEqualTo(Actor.Kind.USER);
    }

    @Test
    void staff_stands_outside_all_tenants() {
        var auditor = caller(Set.of(), Role.AUDITOR, "offline_access");

        assertThat(auditor.scope()).isEqualTo(Scope.platform());
        assertThat(auditor.actor().kind()).isEqualTo(Actor.Kind.STAFF);
    }

    @Test
    void a_member_who_leaves_the_organization_out_of_the_token_is_not_staff() {
        for (var member : new Caller[] {
            caller(Set.of(), Role.TENANT_USER),
            caller(Set.of(), Role.TENANT_USER, Role.AUDITOR),
            caller(Set.of()),
            caller(Set.of(), "offline_access", "default-roles-elleve")
        }) {
            assertThat(member.isStaff()).isFalse();
            assertThatThrownBy(member::scope).isInstanceOf(Problem.class);
        }
    }

    @Test
    void a_token_with_two_organizations_acts_in_neither() {
        var both = caller(Set.of("nord", "havn"), Role.TENANT_ADMIN);

        assertThat(both.tenantOrNull()).isNull();
        assertThatThrownBy(both::tenant).isInstanceOf(Problem.class);
        assertThatThrownBy(both::scope).isInstanceOf(Problem.class);
    }
}
