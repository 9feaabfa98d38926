package dk.elleve.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The files of `deploy/grafana`, compiled against Grafana's own schema.
class DashboardsTest {

    private static final Path CHECK = Observability.GRAFANA.resolve("check");

    @BeforeAll
    static void fetchTheSchema() {
        var said = new ByteArrayOutputStream();
        int code = Programs.run(List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"), CHECK, said);
        assertThat(code).as(said.toString(StandardCharsets.UTF_8)).isZero();
    }

    @Test
    void every_dashboard_fits_grafanas_schema() {
        var said = new ByteArrayOutputStream();

        int code = Programs.run(List.of("node", "check.mjs"), CHECK, said);

        assertThat(code).as(said.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("12 dashboards fit");
    }

    @Test
    void a_dashboard_that_does_not_fit_is_found_out(@TempDir Path folder) throws IOException {
        var good = Observability.read(Observability.GRAFANA.resolve("dashboards/tenants.json"));
        for (var wrong : new String[][] {
            {"\"colorMode\": \"background\"", "\"colorMode\": \"loud\""},
            {"\"drawStyle\"", "\"drawnStyle\""},
            {"\"unit\"", "\"units\""},
            {"\"uid\": \"${datasource}\"", "\"uid\": \"prometheus-1\""}
        }) {
            assertThat(good).contains(wrong[0]);
            Files.writeString(folder.resolve("wrong.json"), good.replace(wrong[0], wrong[1]));

            int code =
                    Programs.run(List.of("node", "check.mjs", folder.toString()), CHECK, new ByteArrayOutputStream());

            assertThat(code).as(wrong[1]).isNotZero();
        }
    }

    @Test
    void the_provisioning_names_the_folder_and_the_data_source_that_the_containers_have() {
        var provider = Observability.maps(
                        Observability.yaml(Observability.GRAFANA.resolve("provisioning/dashboards/elleve.yaml"))
                                .get("providers"))
                .getFirst();
        var source = Observability.maps(
                        Observability.yaml(Observability.GRAFANA.resolve("provisioning/datasources/prometheus.yaml"))
                                .get("datasources"))
                .getFirst();

        assertThat(Observability.map(provider.get("options")).get("path")).isEqualTo("/etc/grafana/dashboards");
        assertThat(source).containsEntry("type", "prometheus").containsEntry("url", "http://prometheus:9090");
    }
}
