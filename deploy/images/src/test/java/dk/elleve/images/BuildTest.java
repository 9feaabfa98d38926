package dk.elleve.images;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// What the test of compose starts.
class BuildTest {

    private static final String[] ALL = {
        "guard",
        "launcher",
        "gateway",
        "identity",
        "tenant-data",
        "breach",
        "audit",
        "backup",
        "postgres",
        "kafka",
        "keycloak",
        "azurite",
        "clamav",
        "segment-probe"
    };

    @Test
    void every_image_of_the_platform_is_built_of_the_jars_of_this_build() throws Exception {
        var said = Build.of(ALL);

        for (var image : ALL) {
            assertThat(said).containsPattern(" " + image + " +elleve/" + image + ":1-[0-9a-f]{12} ");
        }
    }
}
