package dk.elleve.tenantdata.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

/// Names and defaults of the settings are a promise to whoever runs the service.
class SettingsTest {

    @Test
    void what_is_not_said_has_its_default() {
        assertThat(bind(Map.of()))
                .isEqualTo(new RecordProperties(
                        DataSize.ofKilobytes(256), DataSize.ofKilobytes(64), DataSize.ofMegabytes(16), 100_000));
    }

    @Test
    void each_limit_is_set_by_its_name() {
        assertThat(bind(Map.of(
                        "elleve.records.largest", "1MB",
                        "elleve.records.longest-value", "2KB",
                        "elleve.records.largest-import", "3MB",
                        "elleve.records.most-rows", "4")))
                .isEqualTo(new RecordProperties(
                        DataSize.ofMegabytes(1), DataSize.ofKilobytes(2), DataSize.ofMegabytes(3), 4));
    }

    private static RecordProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("elleve.records", RecordProperties.class);
    }
}
