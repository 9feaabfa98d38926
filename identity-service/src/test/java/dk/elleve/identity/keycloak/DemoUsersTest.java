package dk.elleve.identity.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.kit.test.Rig;
import dk.elleve.kit.test.ServiceRig;
import java.net.URI;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.springframework.boot.DefaultApplicationArguments;

class DemoUsersTest {

    final KeycloakAdmin keycloak = new KeycloakAdmin(
            new KeycloakProperties(
                    URI.create(Rig.keycloak().url()),
                    "elleve",
                    "elleve-identity",
                    ServiceRig.of("identity").values().get("elleve.identity.keycloak.client-secret")),
            Clock.systemUTC());

    @Test
    void outside_the_local_profile_nothing_starts_while_a_demo_user_can_sign_in() {
        assertThatThrownBy(() -> new DemoUsers(keycloak).run(new DefaultApplicationArguments()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("demo users");
        assertThat(keycloak.anyEnabledUserAt("@nobody.invalid")).isFalse();
    }
}
