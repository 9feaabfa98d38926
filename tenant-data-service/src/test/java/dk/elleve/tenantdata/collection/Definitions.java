package dk.elleve.tenantdata.collection;

import dk.elleve.contracts.TenantId;
import java.time.Instant;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Collections for tests that need no database.
public final class Definitions {

    private Definitions() {}

    /// @param properties the fields, as in a schema
    public static Definition of(String properties) {
        var body = (ObjectNode) JsonMapper.shared()
                .readTree("{\"schema\": {\"type\": \"object\", \"properties\": " + properties + "}}");
        var draft = SchemaDraft.of(body, new Schemas());
        return new Definition(
                new Place(new TenantId("nord"), "sales", "people"),
                "Delivering",
                draft.schema(),
                draft.layout(),
                null,
                1,
                Instant.EPOCH,
                Instant.EPOCH);
    }
}
