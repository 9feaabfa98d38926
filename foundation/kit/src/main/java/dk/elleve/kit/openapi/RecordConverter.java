package dk.elleve.kit.openapi;

import com.fasterxml.jackson.databind.type.TypeFactory;
import dk.elleve.contracts.TenantId;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.RefUtils;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Period;
import java.util.Arrays;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Our types as they stand in JSON: a component of a record is required unless it is `@Nullable`, a
/// tenant is its id, and a tree is an object of any fields.
final class RecordConverter implements ModelConverter {

    @Override
    public @Nullable Schema<?> resolve(
            AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
        var raw = TypeFactory.defaultInstance().constructType(type.getType()).getRawClass();
        if (raw == TenantId.class) {
            return new StringSchema().example("nord");
        }
        if (JsonNode.class.isAssignableFrom(raw)) {
            return new ObjectSchema().additionalProperties(true);
        }
        if (raw == Duration.class || raw == Period.class) {
            return new StringSchema().format("duration").example("PT30M");
        }
        var schema = chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
        if (schema != null && raw.isRecord()) {
            require(raw, defined(schema, context));
        }
        return schema;
    }

    @Override
    public boolean isOpenapi31() {
        return true;
    }

    /// The schema itself, or the named one that it points to.
    private static @Nullable Schema<?> defined(Schema<?> schema, ModelConverterContext context) {
        return schema.get$ref() == null
                ? schema
                : context.getDefinedModels().get((String)
                        RefUtils.extractSimpleName(schema.get$ref()).getLeft());
    }

    private static void require(Class<?> record, @Nullable Schema<?> schema) {
        if (schema == null || schema.getProperties() == null) {
            return;
        }
        Arrays.stream(record.getRecordComponents())
                .filter(each -> !isNullable(each))
                .map(RecordComponent::getName)
                .filter(schema.getProperties()::containsKey)
                .filter(name ->
                        schema.getRequired() == null || !schema.getRequired().contains(name))
                .forEach(schema::addRequiredItem);
    }

    private static boolean isNullable(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }
}
