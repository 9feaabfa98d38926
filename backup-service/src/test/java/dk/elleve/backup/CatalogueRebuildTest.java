package dk.elleve.backup;

import static dk.elleve.kit.test.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.backup.catalogue.Catalogue;
import dk.elleve.kit.test.Rig;
import dk.elleve.kit.test.ServiceRig;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class CatalogueRebuildTest {

    @DynamicPropertySource
    static void rig(DynamicPropertyRegistry registry) {
        ServiceRig.of("backup")
                .with("elleve.backup.container", "rebuild-test")
                .with("elleve.backup.wal.slot", "rebuild_test")
                .without("elleve.backup.postgres.programs")
                .register(registry);
    }

    @Test
    void a_catalogue_that_was_lost_is_written_again_from_the_vault(@Autowired Catalogue catalogue) throws Exception {
        try (var connection = Rig.postgres().superuser("backup").getConnection();
                var statement = connection.createStatement()) {
            statement.execute("TRUNCATE data.backup_run");
            var full = until("a full backup", Duration.ofSeconds(60), catalogue::newestFull, Optional::isPresent)
                    .orElseThrow();

            statement.execute("TRUNCATE data.backup_run");
            catalogue.rebuild();

            var again = catalogue.newestFull().orElseThrow();
            assertThat(again.id()).isEqualTo(full.id());
            assertThat(again.start()).isEqualTo(full.start());
            assertThat(again.bytesStored()).isEqualTo(full.bytesStored());
        }
    }
}
