package dk.elleve.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dk.elleve.contracts.Topic;
import dk.elleve.kit.test.part.ProjectRoot;
import dk.elleve.kit.test.part.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Topics and users of the bus, held against the language of the platform and the listeners in the code.
class KafkaTest {

    private static final Pattern TOPIC = Pattern.compile("\"([a-z]+\\.[a-z]+\\.v\\d+)\"");
    private static final Pattern GROUP = Pattern.compile("groupId = \"([a-z-]+)\"");

    private final List<Manifest> base = Manifest.in(Overlay.HOME.resolve("base"));

    @Test
    void there_is_a_topic_for_each_that_the_contracts_know_and_no_other() {
        assertThat(of("KafkaTopic").map(Manifest::name))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(Topic.values()).map(Topic::wireName).toList());
    }

    @ParameterizedTest
    @EnumSource(Topic.class)
    void a_topic_is_kept_as_its_contract_says_and_as_its_owner_would_make_it(Topic topic) throws IOException {
        var spec = of("KafkaTopic")
                .filter(each -> each.name().equals(topic.wireName()))
                .findFirst()
                .orElseThrow()
                .body()
                .path("spec");
        var common = Files.readString(Overlay.HOME.resolve("base/settings/common.properties"));

        assertThat(spec.at("/config/cleanup.policy").asText()).isEqualTo(topic.compacted() ? "compact" : "delete");
        assertThat(spec.at("/config/retention.ms").asText())
                .isEqualTo(topic.compacted() ? "" : Long.toString(30L * 24 * 3600 * 1000));
        assertThat(spec.at("/config/min.insync.replicas").asInt()).isEqualTo(2);
        assertThat(common)
                .contains("elleve.kafka.partitions=" + spec.path("partitions").asInt() + "\n");
        assertThat(common)
                .contains("elleve.kafka.replicas=" + spec.path("replicas").asInt() + "\n");
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void a_service_may_write_its_own_topics_and_read_those_it_listens_to(Service service) throws IOException {
        var rules = of("KafkaUser")
                .filter(each -> each.name().equals("kafka-" + service.label()))
                .findFirst()
                .orElseThrow()
                .body()
                .at("/spec/authorization/acls");
        var heard = named(service, TOPIC, null);

        assertThat(Manifest.each(rules)
                        .filter(rule -> operations(rule).contains("Write"))
                        .map(rule -> rule.path("resource").toString()))
                .containsExactly("{\"type\":\"topic\",\"name\":\""
                        + service.label().replace("-", "") + ".\",\"patternType\":\"prefix\"}");
        assertThat(Manifest.each(rules)
                        .filter(rule -> operations(rule).contains("Read"))
                        .map(rule -> rule.path("resource"))
                        .filter(resource -> resource.path("type").asText().equals("topic"))
                        .map(resource -> resource.path("name").asText()))
                .containsExactlyInAnyOrderElementsOf(heard);
        assertThat(Manifest.each(rules)
                        .map(rule -> rule.path("resource"))
                        .filter(resource -> resource.path("type").asText().equals("group"))
                        .map(resource -> resource.path("name").asText()))
                .containsExactlyInAnyOrderElementsOf(named(service, GROUP, heard.isEmpty() ? null : service.label()));
        assertThat(Manifest.each(rules).flatMap(rule -> operations(rule).stream()))
                .doesNotContain("All", "Delete", "Alter", "AlterConfigs");
    }

    @Test
    void the_broker_knows_no_listener_without_a_password_and_no_topic_it_was_not_told_of() {
        var kafka = of("Kafka").findFirst().orElseThrow().body().at("/spec/kafka");

        assertThat(Manifest.each(kafka.path("listeners"))).hasSize(1).allSatisfy(listener -> {
            assertThat(listener.path("tls").asBoolean()).isTrue();
            assertThat(listener.at("/authentication/type").asText()).isEqualTo("scram-sha-512");
        });
        assertThat(kafka.at("/authorization/type").asText()).isEqualTo("simple");
        assertThat(kafka.at("/authorization/superUsers").isMissingNode()).isTrue();
        assertThat(kafka.at("/config/auto.create.topics.enable").asBoolean(true))
                .isFalse();
    }

    private Stream<Manifest> of(String kind) {
        return base.stream().filter(each -> each.kind().equals(kind));
    }

    private static Set<String> operations(JsonNode rule) {
        var operations = new TreeSet<String>();
        rule.path("operations").forEach(each -> operations.add(each.asText()));
        return operations;
    }

    /// What the files of a service that listen name, and one more.
    private static Set<String> named(Service service, Pattern what, @Nullable String more) throws IOException {
        var named = new TreeSet<String>();
        try (var files = Files.walk(ProjectRoot.find().resolve(service.module()).resolve("src/main/java"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var text = Files.readString(file);
                if (text.contains("@KafkaListener")) {
                    what.matcher(text).results().forEach(found -> named.add(found.group(1)));
                }
            }
        }
        if (more != null) {
            named.add(more);
        }
        return named;
    }
}
