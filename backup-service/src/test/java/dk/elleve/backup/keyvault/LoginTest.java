package dk.elleve.backup.keyvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoginTest {

    private static final Map<String, String> APPLICATION =
            Map.of("AZURE_TENANT_ID", "tenant", "AZURE_CLIENT_ID", "client", "AZURE_CLIENT_SECRET", "hidden-word");

    @Test
    void a_secret_counts_before_everything_else() {
        var both = new HashMap<>(APPLICATION);
        both.put("AZURE_FEDERATED_TOKEN_FILE", "/var/run/secrets/token");

        assertThat(Login.of(both)).isEqualTo(new Login.Secret("tenant", "client", "hidden-word"));
    }

    @Test
    void a_pod_has_a_file_with_a_token() {
        var pod = Map.of(
                "AZURE_TENANT_ID", "tenant",
                "AZURE_CLIENT_ID", "client",
                "AZURE_FEDERATED_TOKEN_FILE", "/var/run/secrets/token");

        assertThat(Login.of(pod)).isEqualTo(new Login.Workload("tenant", "client", "/var/run/secrets/token"));
    }

    @Test
    void without_either_it_is_the_machine_s_identity() {
        assertThat(Login.of(Map.of())).isEqualTo(new Login.Machine(null));
        assertThat(Login.of(Map.of("AZURE_CLIENT_ID", "one-of-them"))).isEqualTo(new Login.Machine("one-of-them"));
    }

    @Test
    void half_a_login_is_refused_and_says_which_half() {
        assertThatThrownBy(() -> Login.of(Map.of("AZURE_CLIENT_SECRET", "hidden-word", "AZURE_CLIENT_ID", "client")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("AZURE_TENANT_ID")
                .hasMessageNotContaining("hidden-word");
    }

    @Test
    void the_secret_does_not_show_itself() {
        assertThat(Login.of(APPLICATION).toString()).contains("client").doesNotContain("hidden-word");
    }
}
