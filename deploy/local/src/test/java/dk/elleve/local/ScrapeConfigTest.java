package dk.elleve.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScrapeConfigTest {

    private static final String CONTAINERS = """
            # A comment.
            global:
              scrape_interval: 15s

            rule_files:
              - rules/*.yml

            alerting:
              alertmanagers:
                - static_configs:
                    - targets: ["alertmanager:9093"]

            scrape_configs:
              - job_name: elleve
                static_configs:
                  - targets: ["gateway:9000"]
                    labels: { service: gateway }
                  - targets: ["tenant-data:9000"]
                    labels: { service: tenant-data }

              - job_name: alertmanager
                static_configs:
                  - targets: ["alertmanager:9093"]
            """;

    @Test
    void members_become_ports_of_this_machine_and_what_does_not_run_here_is_left_out() {
        var local = ScrapeConfig.local(
                CONTAINERS, Map.of("gateway", "127.0.0.1:1", "tenant-data", "127.0.0.1:2"), Path.of("/x/rules"));

        assertThat(local).isEqualTo("""
                # A comment.
                global:
                  scrape_interval: 15s

                rule_files:
                  - /x/rules/*.yml

                scrape_configs:
                  - job_name: elleve
                    static_configs:
                      - targets: ["127.0.0.1:1"]
                        labels: { service: gateway }
                      - targets: ["127.0.0.1:2"]
                        labels: { service: tenant-data }

                """);
    }
}
