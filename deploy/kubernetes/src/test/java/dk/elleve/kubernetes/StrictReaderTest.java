package dk.elleve.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.kit.test.part.ProjectRoot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.constructor.DuplicateKeyException;

class StrictReaderTest {

    private static final Path HOME = ProjectRoot.find().resolve("deploy/kubernetes");

    private final StrictReader reader = new StrictReader();

    @Test
    void every_file_of_base_and_overlays_holds_only_what_its_types_know() {
        var manifests = Manifest.in(HOME.resolve("base"));
        var patches = Manifest.in(HOME.resolve("overlays"));

        assertThat(manifests).hasSizeGreaterThan(80);
        assertThat(patches).hasSizeGreaterThan(30);
        assertThat(reader.read(manifests)).isEmpty();
        assertThat(reader.read(patches)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "base/identity.yaml, readOnlyRootFilesystem, readOnlyRootFileSystem",
        "base/identity.yaml, maxUnavailable, maxUnavailible",
        "base/identity.yaml, averageUtilization, utilization",
        "base/gateway.yaml, whenScaled, whenScaledDown",
        "base/network.yaml, podSelector, podSelectors",
        "base/kafka.yaml, alternativeNames, otherNames",
        "base/kafka.yaml, kraftMetadata, kraftMetaData",
        "base/topics.yaml, partitions, partition",
        "base/users.yaml, patternType, pattern",
        "base/postgres.yaml, dataDurability, durability",
        "base/postgres.yaml, dataDurability: required, dataDurability: sometimes",
        "overlays/azure-westeurope/secrets.yaml, parameters, params",
        "overlays/azure-westeurope/azure.yaml, publicNetworkAccess, publicAccess",
        "overlays/local/kustomization.yaml, resources, resource"
    })
    void a_manifest_with_a_mistake_in_it_is_refused(String file, String right, String wrong) throws Exception {
        var text = Files.readString(HOME.resolve(file));
        assertThat(text).contains(right);

        var refused = reader.read(Manifest.parse(file, text.replace(right, wrong)));

        assertThat(refused).isNotEmpty().allSatisfy(said -> assertThat(said).contains(file));
    }

    @Test
    void a_kind_that_nobody_knows_is_refused() {
        var unknown = Manifest.parse("here", "apiVersion: apps/v1beta1\nkind: Deployment\nmetadata:\n  name: old\n");

        assertThat(reader.read(unknown))
                .isEqualTo(List.of("here: Deployment old: nobody here knows the type apps/v1beta1/Deployment"));
    }

    @Test
    void a_key_that_stands_there_twice_is_refused() {
        assertThatThrownBy(() -> Manifest.parse("here", "kind: Service\nkind: Deployment\n"))
                .isInstanceOf(DuplicateKeyException.class);
    }
}
