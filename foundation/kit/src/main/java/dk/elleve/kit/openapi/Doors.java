package dk.elleve.kit.openapi;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.method.HandlerMethod;

/// Adds to every operation what holds for all doors: who may enter, the problems it can answer
/// with, the headers and parameters that mean the same everywhere, and an id made of method and
/// path that no renamed method changes.
final class Doors implements OperationCustomizer, OpenApiCustomizer {

    static final String PROBLEM = "Problem";
    private static final String NEEDS_BODY = "x-reads-body";

    private static final Map<String, String> MEANINGS = Map.of(
            "limit", "at most so many items, 50 if not given, 500 at most",
            "cursor", "`next` of the page before; signed, and good for the same question only",
            "filter", "such as `level ge 3 and email eq \"x@y.dk\"`; personal fields can be compared with `eq` only",
            "sort", "field names, with `-` for descending, such as `-createdAt`",
            "select", "the fields wanted, such as `name,email`",
            "If-Match", "the ETag of what was read; 428 without, 412 if it has changed since",
            "If-None-Match", "`*` to create only");

    private static final Map<String, String> PROBLEMS = Map.of(
            "400", "The request is not valid",
            "401", "No token, or one that does not count",
            "403", "The caller's roles do not allow this",
            "404", "There is no such thing, or it belongs to somebody else",
            "409", "It contradicts what is there, or the Idempotency-Key came with another body before",
            "412", "It was changed since it was read",
            "428", "If-Match is missing",
            "429", "Too many requests; Retry-After says when to come again",
            "503", "A part that this needs is away; Retry-After says when to come again");

    @Override
    public Operation customize(Operation operation, HandlerMethod door) {
        var method = door.getMethod();
        var roles = AnnotatedElementUtils.findMergedAnnotation(method, RolesAllowed.class);
        if (roles == null) {
            roles = AnnotatedElementUtils.findMergedAnnotation(door.getBeanType(), RolesAllowed.class);
        }
        if (roles != null) {
            operation.setDescription("For " + String.join(", ", roles.value()) + ".");
        } else if (AnnotatedElementUtils.hasAnnotation(method, PermitAll.class)
                || AnnotatedElementUtils.hasAnnotation(door.getBeanType(), PermitAll.class)) {
            operation.addExtension("x-permit-all", true);
        }
        if (operation.getRequestBody() == null
                && Arrays.asList(method.getParameterTypes()).contains(HttpServletRequest.class)) {
            operation.addExtension(NEEDS_BODY, true);
        }
        return operation;
    }

    @Override
    public void customise(OpenAPI document) {
        document.getPaths()
                .forEach((path, item) ->
                        item.readOperationsMap().forEach((method, operation) -> complete(path, method, operation)));
        if (document.getComponents().getSchemas() != null) {
            document.getComponents().getSchemas().values().forEach(Doors::asInJson);
        }
        document.getComponents().addSchemas(PROBLEM, problem());
        PROBLEMS.forEach((status, meaning) -> document.getComponents()
                .addResponses(
                        "Problem" + status,
                        new ApiResponse()
                                .description(meaning)
                                .content(new Content()
                                        .addMediaType(
                                                "application/problem+json",
                                                new MediaType()
                                                        .schema(new Schema<>()
                                                                .$ref("#/components/schemas/" + PROBLEM))))));
    }

    private static void complete(String path, PathItem.HttpMethod method, Operation operation) {
        operation.setOperationId(id(path, method));
        operation.setTags(List.of(path.split("/", -1)[1]));
        parameters(operation).forEach(Doors::explain);
        if (takesBody(method) && takeExtension(operation, NEEDS_BODY)) {
            operation.setRequestBody(anyBody(path, method));
        }
        takeExtension(operation, NEEDS_BODY);
        if (method == PathItem.HttpMethod.POST) {
            operation.addParametersItem(new HeaderParameter()
                    .name("Idempotency-Key")
                    .required(false)
                    .description("chosen by the caller; the same key again answers the same and does nothing")
                    .schema(new StringSchema()));
        }
        if (takeExtension(operation, "x-permit-all") && !path.equals("/me")) {
            operation.setSecurity(List.of());
        }
        problems(path, method, operation);
        var answers = operation.getResponses();
        answers.values().stream()
                .filter(each -> each.getContent() != null && each.getContent().containsKey("*/*"))
                .forEach(each -> each.getContent()
                        .addMediaType("application/json", each.getContent().remove("*/*")));
    }

    private static void problems(String path, PathItem.HttpMethod method, Operation operation) {
        var answers = operation.getResponses() == null ? new ApiResponses() : operation.getResponses();
        operation.setResponses(answers);
        answer(answers, "400", true);
        answer(answers, "401", operation.getSecurity() == null);
        answer(answers, "403", operation.getSecurity() == null);
        answer(answers, "404", path.contains("{"));
        answer(answers, "409", method == PathItem.HttpMethod.POST);
        var conditional = parameters(operation).stream().anyMatch(each -> "If-Match".equals(each.getName()));
        answer(answers, "412", conditional);
        answer(answers, "428", conditional);
        answer(answers, "429", true);
        answer(answers, "503", true);
    }

    private static void answer(ApiResponses answers, String status, boolean possible) {
        if (possible) {
            answers.addApiResponse(status, new ApiResponse().$ref("#/components/responses/Problem" + status));
        }
    }

    private static void explain(Parameter parameter) {
        if (parameter.getDescription() == null) {
            parameter.setDescription(MEANINGS.get(parameter.getName()));
        }
        if (parameter.getSchema() != null) {
            asInJson(parameter.getSchema());
        }
    }

    private static RequestBody anyBody(String path, PathItem.HttpMethod method) {
        var object = new ObjectSchema().additionalProperties(true);
        var content = new Content();
        if (path.endsWith(":import")) {
            content.addMediaType("application/x-ndjson", new MediaType().schema(object));
            content.addMediaType("text/csv", new MediaType().schema(new StringSchema()));
        } else if (method == PathItem.HttpMethod.PATCH) {
            content.addMediaType("application/merge-patch+json", new MediaType().schema(object));
        } else {
            content.addMediaType("application/json", new MediaType().schema(object));
        }
        return new RequestBody().required(true).content(content);
    }

    /// Words of an enumeration are lower-case on the wire.
    @SuppressWarnings({"unchecked", "rawtypes"})
    private static void asInJson(Schema schema) {
        if (schema.getEnum() != null) {
            schema.setEnum(((List<Object>) schema.getEnum())
                    .stream()
                            .map(word -> word instanceof String text ? text.toLowerCase(Locale.ROOT) : word)
                            .toList());
        }
        if (schema.getProperties() != null) {
            ((Map<String, Schema>) schema.getProperties()).values().forEach(Doors::asInJson);
        }
        if (schema.getItems() != null) {
            asInJson(schema.getItems());
        }
        if (schema.getAdditionalProperties() instanceof Schema inner) {
            asInJson(inner);
        }
    }

    private static Schema<?> problem() {
        var at = new ObjectSchema();
        at.addProperty("pointer", text("where: a JSON pointer, or a parameter's name"));
        at.addProperty("detail", text("what was expected there"));
        var problem = new ObjectSchema();
        problem.setDescription("RFC 9457");
        problem.addProperty("type", text("urn:elleve:problem: and the code"));
        problem.addProperty("title", text("what kind of problem it is"));
        problem.addProperty("status", new IntegerSchema().format(null));
        problem.addProperty("detail", text("what is wrong, and what to do"));
        problem.addProperty("code", text("stable: programs decide by it"));
        problem.addProperty("instance", text("the request's id, to quote to whoever helps"));
        problem.addProperty("errors", new ArraySchema().items(at));
        problem.setRequired(List.of("type", "title", "status", "detail", "code"));
        return problem;
    }

    private static StringSchema text(String meaning) {
        var text = new StringSchema();
        text.setDescription(meaning);
        return text;
    }

    private static String id(String path, PathItem.HttpMethod method) {
        var id = new StringBuilder(method.name().toLowerCase(Locale.ROOT));
        for (var word : path.replace("{", "by-").split("[^A-Za-z0-9]+", -1)) {
            if (!word.isEmpty()) {
                id.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
            }
        }
        return id.toString();
    }

    private static List<Parameter> parameters(Operation operation) {
        return operation.getParameters() == null ? List.of() : operation.getParameters();
    }

    private static boolean takesBody(PathItem.HttpMethod method) {
        return method == PathItem.HttpMethod.POST
                || method == PathItem.HttpMethod.PUT
                || method == PathItem.HttpMethod.PATCH;
    }

    /// Whether the mark was there; it is gone afterwards.
    private static boolean takeExtension(Operation operation, String name) {
        return operation.getExtensions() != null && operation.getExtensions().remove(name) != null;
    }
}
