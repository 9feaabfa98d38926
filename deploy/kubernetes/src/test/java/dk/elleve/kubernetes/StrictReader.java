package dk.elleve.kubernetes;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.fabric8.kubernetes.api.model.LimitRange;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Reads manifests into the types their owners publish; what those do not know is an error, as it is for an API server
/// that validates strictly. Kinds whose owners publish no types have a schema of ours with the fields we use.
final class StrictReader {

    private static final Map<String, Class<?>> TYPES = Map.ofEntries(
            Map.entry("v1/ConfigMap", io.fabric8.kubernetes.api.model.ConfigMap.class),
            Map.entry("v1/LimitRange", LimitRange.class),
            Map.entry("v1/Namespace", Namespace.class),
            Map.entry("v1/Service", io.fabric8.kubernetes.api.model.Service.class),
            Map.entry("v1/ServiceAccount", ServiceAccount.class),
            Map.entry("apps/v1/Deployment", Deployment.class),
            Map.entry("apps/v1/StatefulSet", StatefulSet.class),
            Map.entry("autoscaling/v2/HorizontalPodAutoscaler", HorizontalPodAutoscaler.class),
            Map.entry("batch/v1/CronJob", CronJob.class),
            Map.entry("batch/v1/Job", Job.class),
            Map.entry("networking.k8s.io/v1/Ingress", Ingress.class),
            Map.entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
            Map.entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class),
            Map.entry("kafka.strimzi.io/v1/Kafka", Kafka.class),
            Map.entry("kafka.strimzi.io/v1/KafkaNodePool", KafkaNodePool.class),
            Map.entry("kafka.strimzi.io/v1/KafkaTopic", KafkaTopic.class),
            Map.entry("kafka.strimzi.io/v1/KafkaUser", KafkaUser.class));

    private static final Map<String, String> SCHEMAS = Map.of(
            "kustomize.config.k8s.io/v1beta1/Kustomization", "kustomization",
            "postgresql.cnpg.io/v1/Cluster", "cnpg-cluster",
            "secrets-store.csi.x-k8s.io/v1/SecretProviderClass", "secret-provider-class",
            "storage.azure.com/v1api20230101/StorageAccount", "azure-storage-account",
            "network.azure.com/v1api20220701/PrivateEndpoint", "azure-private-endpoint",
            "network.azure.com/v1api20220701/PrivateEndpointsPrivateDnsZoneGroup", "azure-dns-zone-group");

    /// The models keep fields they do not know in a map, for clients older than their server. Here such a field is a
    /// mistake.
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .annotationIntrospector(new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1;

                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                    return false;
                }
            })
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(com.fasterxml.jackson.databind.MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    /// @return everything that is wrong; empty when nothing is
    List<String> read(Manifest manifest) {
        var type = TYPES.get(manifest.type());
        if (type != null) {
            return read(manifest, type);
        }
        var schema = SCHEMAS.get(manifest.type());
        if (schema != null) {
            return schema(schema).validate(manifest.body().toString(), InputFormat.JSON).stream()
                    .map(error -> manifest + ": " + error.getInstanceLocation() + " " + error.getMessage())
                    .toList();
        }
        return List.of(manifest + ": nobody here knows the type " + manifest.type());
    }

    List<String> read(List<Manifest> manifests) {
        var wrong = new ArrayList<String>();
        manifests.forEach(manifest -> wrong.addAll(read(manifest)));
        return wrong;
    }

    private static List<String> read(Manifest manifest, Class<?> type) {
        try {
            STRICT.treeToValue(manifest.body(), type);
            return List.of();
        } catch (JsonMappingException e) {
            return List.of(manifest + ": " + e.getPathReference().replaceAll("[a-z0-9.]+\\.([A-Z])", "$1") + " "
                    + e.getOriginalMessage());
        } catch (IOException e) {
            return List.of(manifest + ": " + e.getMessage());
        }
    }

    private Schema schema(String name) {
        try (var in = StrictReader.class.getResourceAsStream("/schema/" + name + ".yaml")) {
            if (in == null) {
                throw new IllegalStateException("There is no schema " + name);
            }
            JsonNode body = Manifest.parse(name, new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .getFirst()
                    .body();
            return registry.getSchema(body.toString(), InputFormat.JSON);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
