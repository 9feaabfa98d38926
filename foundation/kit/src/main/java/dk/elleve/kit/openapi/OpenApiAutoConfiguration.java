package dk.elleve.kit.openapi;

import dk.elleve.kit.KitProperties;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import org.springdoc.core.configuration.SpringDocConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

// After: the converter that is registered last is asked first, and ours answers for types the others choke on.
@AutoConfiguration(after = SpringDocConfiguration.class)
@EnableConfigurationProperties(KitProperties.class)
public final class OpenApiAutoConfiguration {

    private static final String TOKEN = "token";

    OpenApiAutoConfiguration() {}

    @Bean
    OpenAPI openApi(KitProperties properties) {
        return new OpenAPI()
                .info(new Info()
                        .title("Elleve: " + properties.service())
                        .version("1")
                        .description(
                                "Fields may be added, never renamed; an unknown field is to be passed over. A list is"
                                        + " `{items, next?}`. Instants are RFC 3339, durations ISO 8601. Errors are RFC"
                                        + " 9457 problems with a stable `code`."))
                .components(new Components()
                        .addSecuritySchemes(
                                TOKEN,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .bearerFormat("JWT")
                                        .description(
                                                "An access token of the realm `elleve`; a member's names exactly one "
                                                        + "organization, the tenant.")))
                .addSecurityItem(new SecurityRequirement().addList(TOKEN));
    }

    @Bean
    Doors openApiDoors() {
        return new Doors();
    }

    @Bean
    RecordConverter openApiRecords() {
        return new RecordConverter();
    }
}
