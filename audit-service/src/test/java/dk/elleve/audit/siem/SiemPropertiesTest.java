package dk.elleve.audit.siem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.audit.search.EntryFeed;
import dk.elleve.contracts.TenantId;
import dk.elleve.kit.residency.ResidencyAutoConfiguration;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.unit.DataSize;

class SiemPropertiesTest {

    @Test
    void nobody_is_sent_the_log_unless_it_is_set() {
        assertThat(bound(Map.of()).siem()).isEmpty();
    }

    @Test
    void a_receiver_needs_a_name_and_a_host_and_gets_everything_from_now_on() {
        var destination =
                bound(Map.of("name", "soc", "host", "siem.example")).siem().getFirst();

        assertThat(destination)
                .isEqualTo(new SiemProperties.Destination(
                        "soc",
                        "siem.example",
                        6514,
                        EntryFeed.Form.SYSLOG,
                        null,
                        false,
                        List.of(),
                        SiemProperties.From.NEWEST,
                        null,
                        null,
                        null,
                        DataSize.ofMegabytes(1)));
    }

    @Test
    void every_setting_has_its_name() {
        var destination = bound(Map.ofEntries(
                        Map.entry("name", "soc"),
                        Map.entry("host", "siem.example"),
                        Map.entry("port", "10514"),
                        Map.entry("format", "ocsf"),
                        Map.entry("tenant", "nord"),
                        Map.entry("redacted", "true"),
                        Map.entry("kinds", "login,tenant-head"),
                        Map.entry("from", "beginning"),
                        Map.entry("ca", "/etc/elleve/ca.pem"),
                        Map.entry("certificate", "/etc/elleve/own.pem"),
                        Map.entry("key", "/etc/elleve/own-key.pem"),
                        Map.entry("window", "4MB")))
                .siem()
                .getFirst();

        assertThat(destination)
                .isEqualTo(new SiemProperties.Destination(
                        "soc",
                        "siem.example",
                        10514,
                        EntryFeed.Form.OCSF,
                        new TenantId("nord"),
                        true,
                        List.of("login", "tenant-head"),
                        SiemProperties.From.BEGINNING,
                        Path.of("/etc/elleve/ca.pem"),
                        Path.of("/etc/elleve/own.pem"),
                        Path.of("/etc/elleve/own-key.pem"),
                        DataSize.ofMegabytes(4)));
    }

    @Test
    void what_cannot_work_is_refused_when_it_is_read() {
        assertThatThrownBy(() -> bound(Map.of("name", "soc", "host", "h", "kinds", "logins")))
                .rootCause()
                .hasMessageContaining("no kinds logins");
        assertThatThrownBy(() -> bound(Map.of("name", "soc", "host", "h", "key", "/key.pem")))
                .rootCause()
                .hasMessageContaining("set both or none");
        assertThatThrownBy(() -> bound(Map.of("name", "soc", "host", "h", "format", "csv")))
                .isInstanceOf(RuntimeException.class);
        var one = bound(Map.of("name", "soc", "host", "h")).siem().getFirst();
        assertThatThrownBy(() -> new SiemProperties(List.of(one, one))).hasMessageContaining("two receivers");
    }

    @Test
    void a_receiver_lies_in_an_allowed_region_or_the_service_does_not_start() {
        var service = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(ResidencyAutoConfiguration.class))
                .withPropertyValues("elleve.audit.siem[0].host=siem.example");

        service.run(context ->
                assertThat(context).getFailure().rootCause().hasMessageContaining("elleve.residency.regions.siem"));
        service.withPropertyValues("elleve.residency.regions.siem=eastus")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("eastus"));
        service.withPropertyValues("elleve.residency.regions.siem=denmarkeast")
                .run(context -> assertThat(context).hasNotFailed());
    }

    private static SiemProperties bound(Map<String, String> settings) {
        var named = new HashMap<String, String>();
        settings.forEach((name, value) -> named.put("elleve.audit.siem[0]." + name, value));
        return new Binder(new MapConfigurationPropertySource(named))
                .bindOrCreate("elleve.audit", Bindable.of(SiemProperties.class));
    }
}
