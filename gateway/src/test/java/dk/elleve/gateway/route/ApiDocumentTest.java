package dk.elleve.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.json.JsonMapper;

class ApiDocumentTest {

    @Test
    void every_documented_path_is_routed_to_the_service_that_documents_it() throws IOException {
        var words = Map.of(
                "identity", Routes.IDENTITY,
                "tenant-data", Routes.TENANT_DATA,
                "backup", Routes.BACKUP,
                "breach", Routes.BREACH,
                "audit", Routes.AUDIT);
        var document = JsonMapper.shared().readTree(new ClassPathResource(ApiDocument.FILE).getContentAsByteArray());

        assertThat(document.path("paths").propertyNames()).isNotEmpty();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().forEach(operation -> {
                    var service = operation.path("tags").get(0).asString();
                    var word = path.getKey().split("/", -1)[2];
                    // Two paths under a word of identity-service tell of data.
                    var data = List.of("/api/tenants/{tenant}/export", "/api/tenants/{tenant}/erasure-certificate");
                    assertThat(data.contains(path.getKey()) ? "tenant-data" : service)
                            .isEqualTo(service);
                    if (!data.contains(path.getKey())) {
                        assertThat(words.get(service)).as(path.getKey()).contains(word);
                    }
                }));
    }
}
