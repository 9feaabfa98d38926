package dk.elleve.kit.json;

import dk.elleve.contracts.TenantId;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/// Ids are strings, words of an enumeration are lower-case, unknown fields are passed over (a newer version may say
/// more).
@AutoConfiguration(before = JacksonAutoConfiguration.class)
public final class JsonAutoConfiguration {

    JsonAutoConfiguration() {}

    @Bean
    JsonMapperBuilderCustomizer platformJson() {
        return JsonAutoConfiguration::configure;
    }

    /// The platform's mapper, for code that runs without Spring.
    public static JsonMapper mapper() {
        var builder = JsonMapper.builder();
        configure(builder);
        return builder.build();
    }

    private static void configure(JsonMapper.Builder builder) {
        builder.enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .disable(tools.jackson.databind.DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .changeDefaultPropertyInclusion(inclusion ->
                        inclusion.withValueInclusion(com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL))
                .addModule(new SimpleModule("elleve")
                        .addSerializer(TenantId.class, new TenantIdWriter())
                        .addDeserializer(TenantId.class, new TenantIdReader()));
    }

    private static final class TenantIdWriter extends ValueSerializer<TenantId> {
        @Override
        public void serialize(TenantId tenant, JsonGenerator out, SerializationContext context) {
            out.writeString(tenant.value());
        }
    }

    private static final class TenantIdReader extends ValueDeserializer<TenantId> {
        @Override
        public TenantId deserialize(JsonParser in, DeserializationContext context) {
            var text = in.getValueAsString();
            try {
                return new TenantId(text == null ? "" : text);
            } catch (IllegalArgumentException wrong) {
                throw context.weirdStringException(text, TenantId.class, wrong.getMessage());
            }
        }
    }
}
