package dk.elleve.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dk.elleve.kit.residency.ResidencyProperties;
import dk.elleve.kit.test.part.ClusterProvisioner;
import dk.elleve.kit.test.part.Service;
import dk.elleve.kit.test.part.ServiceSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.bind.Binder;

/// What a cluster would be given, held against the rules of the house and the code.
class OverlayTest {

    private static final String NAMES = "dk.elleve.kubernetes.Overlay#names";

    private static final Set<Service> WITH_SPOOL = Set.of(Service.GATEWAY, Service.TENANT_DATA);

    private static final Pattern ALIAS = Pattern.compile("objectAlias: (\\S+)");

    @ParameterizedTest
    @MethodSource(NAMES)
    void what_files_and_patches_make_together_is_what_its_types_know(String name) {
        var overlay = Overlay.rendered(name);

        assertThat(overlay.manifests()).hasSizeGreaterThan(100);
        assertThat(new StrictReader().read(overlay.manifests())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource(NAMES)
    void every_container_has_limits_and_may_do_nothing_it_does_not_need(String name) {
        assertThat(Overlay.rendered(name).workloads()).hasSizeGreaterThan(10).allSatisfy(workload -> {
            var pod = workload.pod().orElseThrow();
            assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(pod.has("hostNetwork") || pod.has("hostPID") || pod.has("hostIPC"))
                    .isFalse();
            assertThat(Manifest.each(pod.path("volumes"))).noneMatch(volume -> volume.has("hostPath"));
            assertThat(workload.containers()).isNotEmpty().allSatisfy(container -> {
                for (var bound : List.of("/requests/cpu", "/requests/memory", "/limits/cpu", "/limits/memory")) {
                    assertThat(container.at("/resources" + bound).asText())
                            .as(bound)
                            .isNotEmpty();
                }
                var context = container.path("securityContext");
                assertThat(context.path("readOnlyRootFilesystem").asBoolean()).isTrue();
                assertThat(context.path("runAsNonRoot").asBoolean()).isTrue();
                assertThat(context.path("allowPrivilegeEscalation").asBoolean(true))
                        .isFalse();
                assertThat(context.at("/capabilities/drop").toString()).isEqualTo("[\"ALL\"]");
                assertThat(context.at("/capabilities/add").isMissingNode()).isTrue();
                assertThat(context.at("/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
                assertThat(container.path("image").asText())
                        .as("pinned")
                        .matches(".+[:@].+")
                        .doesNotEndWith(":latest");
            });
        });
    }

    @ParameterizedTest
    @MethodSource(NAMES)
    void whatever_runs_on_says_when_it_works_and_may_be_moved_one_by_one(String name) {
        var overlay = Overlay.rendered(name);
        var lasting = overlay.workloads().stream()
                .filter(each -> !Set.of("Job", "CronJob").contains(each.kind()))
                .toList();

        assertThat(lasting).hasSizeGreaterThan(8).allSatisfy(workload -> {
            assertThat(workload.containers()).allSatisfy(container -> {
                for (var probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                    assertThat(container.has(probe)).as(probe).isTrue();
                }
            });
            assertThat(overlay.one("PodDisruptionBudget", workload.name())
                            .body()
                            .at("/spec/maxUnavailable")
                            .asInt())
                    .isEqualTo(1);
        });
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void a_service_is_asked_for_its_health_where_only_the_cluster_reaches(Service service) {
        var container =
                Overlay.rendered("local").workload(service.label()).containers().getFirst();

        assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/actuator/health/liveness");
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/actuator/health/readiness");
        assertThat(container.at("/readinessProbe/httpGet/port").asText()).isEqualTo("management");
        assertThat(Manifest.each(container.path("ports"))
                        .filter(port -> port.path("name").asText().equals("management"))
                        .map(port -> port.path("containerPort").asInt()))
                .containsExactly(9000);
    }

    @ParameterizedTest
    @MethodSource(NAMES)
    void every_setting_has_a_reader(String name) {
        var overlay = Overlay.rendered(name);
        var known = KnownSettings.collect();

        for (var service : Service.values()) {
            assertThat(overlay.settings(service.label()).keySet())
                    .as(service.label())
                    .hasSizeGreaterThan(20)
                    .allMatch(known::knows);
        }
        assertThat(known.knows("elleve.backup.wire.hots")).isFalse();
        assertThat(known.knows("spring.kafka.bootstrap-server")).isFalse();
    }

    @ParameterizedTest
    @MethodSource(NAMES)
    void every_service_is_told_what_the_platform_on_one_machine_tells_it(String name) {
        var overlay = Overlay.rendered(name);

        for (var service : Service.values()) {
            assertThat(overlay.settings(service.label()).keySet())
                    .as(service.label())
                    .containsAll(KnownSettings.of(service).stream()
                            .filter(setting -> !setting.secret())
                            .map(ServiceSettings.Setting::name)
                            .filter(setting -> !setting.equals("spring.profiles.active"))
                            .filter(setting ->
                                    !setting.equals("elleve.spool.directory") || WITH_SPOOL.contains(service))
                            .toList());
        }
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void the_vault_gives_each_service_its_own_secrets_under_the_names_it_reads(Service service) {
        var given = ALIAS.matcher(Overlay.rendered("azure-westeurope")
                        .one("SecretProviderClass", service.label())
                        .body()
                        .at("/spec/parameters/objects")
                        .asText())
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        var wanted = KnownSettings.of(service).stream()
                .filter(ServiceSettings.Setting::secret)
                .map(ServiceSettings.Setting::name)
                .collect(Collectors.toCollection(TreeSet::new));
        if (service == Service.BREACH) {
            wanted.addAll(List.of("spring.mail.username", "spring.mail.password"));
        }

        assertThat(given).isEqualTo(wanted);
    }

    @ParameterizedTest
    @MethodSource(NAMES)
    void whatever_a_pod_mounts_is_there_or_is_said_to_be_made(String name) throws IOException {
        var overlay = Overlay.rendered(name);
        var configMaps = overlay.all("ConfigMap").stream().map(Manifest::name).collect(Collectors.toSet());
        var readme = Files.readString(Overlay.HOME.resolve("README.md"));

        for (var workload : overlay.workloads()) {
            var pod = workload.pod().orElseThrow();
            assertThat(references(pod, "configMap", "name"))
                    .as(workload.toString())
                    .isSubsetOf(configMaps);
            assertThat(references(pod, "secret", "secretName", "name"))
                    .as(workload.toString())
                    .allSatisfy(secret -> assertThat(readme).contains("`" + secret + "`"));
            assertThat(overlay.all("ServiceAccount").stream().map(Manifest::name))
                    .contains(pod.path("serviceAccountName").asText());
            var volumes = Stream.concat(
                            Manifest.each(pod.path("volumes"))
                                    .map(volume -> volume.path("name").asText()),
                            Manifest.each(workload.body().at("/spec/volumeClaimTemplates"))
                                    .map(claim -> claim.at("/metadata/name").asText()))
                    .collect(Collectors.toSet());
            for (var container : workload.containers()) {
                assertThat(Manifest.each(container.path("volumeMounts"))
                                .map(mount -> mount.path("name").asText()))
                        .as(workload.toString())
                        .isSubsetOf(volumes);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(NAMES)
    void every_rule_and_every_dashboard_there_is_gets_to_whoever_reads_it(String name) throws IOException {
        var overlay = Overlay.rendered(name);

        assertThat(mounted(overlay, "prometheus", "rules")).isEqualTo(files("../prometheus/rules"));
        assertThat(mounted(overlay, "grafana", "dashboards")).isEqualTo(files("../grafana/dashboards"));
        // What kubectl applies it writes into an annotation, too, and annotations end there.
        assertThat(overlay.all("ConfigMap"))
                .allSatisfy(map -> assertThat(map.body().toString().length())
                        .as(map.name())
                        .isLessThan(256 << 10));
    }

    /// Names of the files in a volume that is made of ConfigMaps.
    private static Set<String> mounted(Overlay overlay, String workload, String volume) {
        var pod = overlay.workload(workload).pod().orElseThrow();
        var maps = Manifest.each(pod.path("volumes"))
                .filter(each -> each.path("name").asText().equals(volume))
                .flatMap(each -> each.has("projected") ? Manifest.each(each.at("/projected/sources")) : Stream.of(each))
                .map(each -> each.at("/configMap/name").asText())
                .collect(Collectors.toSet());
        return overlay.all("ConfigMap").stream()
                .filter(map -> maps.contains(map.name()))
                .flatMap(map -> map.body().path("data").properties().stream().map(Map.Entry::getKey))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> files(String folder) throws IOException {
        try (var files = Files.list(Overlay.HOME.resolve(folder))) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @ParameterizedTest
    @MethodSource(NAMES)
    void no_role_that_setup_or_the_operator_makes_is_taken_for_a_person(String name) {
        var overlay = Overlay.rendered(name);
        var made = new TreeSet<>(Set.of("postgres", "streaming_replica", "audit_capture", "backup_wire", "keycloak"));
        ClusterProvisioner.SERVICES.forEach(
                service -> made.addAll(List.of(service + "_migrator", service + "_service")));
        made.add(overlay.one("Cluster", "postgres")
                .body()
                .at("/spec/bootstrap/initdb/owner")
                .asText());

        assertThat(overlay.settings("audit").get("elleve.audit.access.service-roles"))
                .isNotNull()
                .satisfies(roles -> assertThat(roles.split(",")).containsExactlyInAnyOrderElementsOf(made));
    }

    @Test
    void services_that_must_be_alone_are_never_scaled() {
        for (var name : Overlay.names().toList()) {
            var overlay = Overlay.rendered(name);
            var scaled = overlay.all("HorizontalPodAutoscaler").stream()
                    .map(each -> each.body().at("/spec/scaleTargetRef/name").asText());

            assertThat(scaled).containsExactlyInAnyOrder("gateway", "identity", "tenant-data", "breach");
            assertThat(overlay.workload("backup").body().at("/spec/replicas").asInt())
                    .isEqualTo(1);
            assertThat(overlay.workload("backup")
                            .body()
                            .at("/spec/strategy/type")
                            .asText())
                    .isEqualTo("Recreate");
        }
    }

    @Test
    void in_azure_nothing_runs_and_nothing_is_declared_outside_the_allowed_regions() {
        var overlay = Overlay.rendered("azure-westeurope");
        var allowed = new Binder()
                .bindOrCreate("elleve.residency", ResidencyProperties.class)
                .allowed();
        assertThat(allowed).contains("westeurope").doesNotContain("eastus");

        assertThat(overlay.workloads())
                .allSatisfy(workload -> assertThat(regions(workload.pod().orElseThrow()))
                        .isNotEmpty()
                        .isSubsetOf(allowed));
        assertThat(Stream.of(
                        overlay.one("Cluster", "postgres"),
                        overlay.one("KafkaNodePool", "brokers"),
                        overlay.one("KafkaNodePool", "controllers"),
                        overlay.one("Kafka", "kafka")))
                .allSatisfy(
                        each -> assertThat(regions(each.body())).isNotEmpty().isSubsetOf(allowed));
        assertThat(Stream.of("StorageAccount", "PrivateEndpoint").flatMap(kind -> overlay.all(kind).stream()))
                .hasSize(3)
                .allSatisfy(each ->
                        assertThat(each.body().at("/spec/location").asText()).isIn(allowed));
        for (var service : Service.values()) {
            var settings = overlay.settings(service.label());
            assertThat(settings).doesNotContainKey("spring.profiles.active");
            assertThat(settings.entrySet().stream()
                            .filter(each -> each.getKey().startsWith("elleve.residency.regions."))
                            .map(each -> each.getValue()))
                    .hasSize(7)
                    .isSubsetOf(allowed);
        }
    }

    @Test
    void the_storage_account_is_reached_by_its_private_endpoint_only() {
        var account = Overlay.rendered("azure-westeurope")
                .one("StorageAccount", "elleve")
                .body();

        assertThat(account.at("/spec/publicNetworkAccess").asText()).isEqualTo("Disabled");
        assertThat(account.at("/spec/networkAcls/defaultAction").asText()).isEqualTo("Deny");
        assertThat(account.at("/spec/sku/name").asText()).endsWith("ZRS");
    }

    private static List<String> regions(JsonNode node) {
        var regions = new ArrayList<String>();
        for (var affinity : node.findValues("nodeAffinity")) {
            for (var term : affinity.at("/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms")) {
                var matched = Manifest.each(term.path("matchExpressions"))
                        .filter(each -> each.path("key").asText().equals("topology.kubernetes.io/region"))
                        .filter(each -> each.path("operator").asText().equals("In"))
                        .flatMap(each -> Manifest.each(each.path("values")))
                        .map(JsonNode::asText)
                        .toList();
                // Terms are alternatives: one without a region lets everything through.
                regions.addAll(matched.isEmpty() ? List.of("anywhere") : matched);
            }
        }
        return regions;
    }

    private static Set<String> references(JsonNode pod, String kind, String... names) {
        var found = new TreeSet<String>();
        for (var reference : pod.findValues(kind)) {
            if (!reference.path("optional").asBoolean()) {
                Stream.of(names)
                        .map(name -> reference.path(name).asText())
                        .filter(name -> !name.isEmpty())
                        .forEach(found::add);
            }
        }
        return found;
    }
}
