package dk.elleve.tenantdata;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.kit.test.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Somebody else's company: the customers and invoices of the Chinook sample database.
class ChinookTest extends TenantDataRig {

    private static final List<String> PLAIN = List.of("CustomerId", "SupportRepId", "Country");

    @Test
    void all_customers_come_in_as_lines_and_as_a_spreadsheet_and_go_out_unchanged() throws IOException {
        var folder = SharedData.require("datasets/chinook");
        var lines = Files.readString(folder.resolve("customers.ndjson"));
        var customers = lines.lines().map(JSON::readTree).toList();
        open("chinook-customers");
        var admin = admin("chinook-customers");
        put(admin, "/areas/sales", AREA).must(201);
        var collections = "/areas/sales/collections/";
        var schema = schema(customers.getFirst());
        put(admin, collections + "lines", schema).must(201);
        put(admin, collections + "sheet", schema).must(201);

        assertThat(bring(admin, collections + "lines/records:import", "application/x-ndjson", lines)
                        .must(200)
                        .body()
                        .path("imported")
                        .asInt())
                .isEqualTo(59);
        bring(
                        admin,
                        collections + "sheet/records:import",
                        "text/csv",
                        Files.readString(folder.resolve("customers.csv")))
                .must(200);

        assertThat(export(admin, collections + "lines")).containsExactlyInAnyOrderElementsOf(customers);
        assertThat(export(admin, collections + "sheet"))
                .as("an empty cell is no value")
                .containsExactlyInAnyOrderElementsOf(
                        customers.stream().map(ChinookTest::withoutEmpty).toList());
        for (var customer : customers) {
            var email = customer.path("Email").asString().toUpperCase(Locale.ROOT);
            var found = get(
                            admin,
                            collections + "lines/records?filter=" + encoded("Email eq \" " + email + "\"")
                                    + "&select=CustomerId")
                    .must(200)
                    .body()
                    .path("items");
            assertThat(found).hasSize(1);
            assertThat(found.get(0).path("CustomerId")).isEqualTo(customer.path("CustomerId"));
        }
    }

    @Test
    void invoices_keep_every_cent_and_are_found_by_amount_and_customer() throws IOException {
        var folder = SharedData.require("datasets/chinook");
        var lines = Files.readString(folder.resolve("invoices.ndjson"));
        var invoices = lines.lines().map(JSON::readTree).toList();
        open("chinook-invoices");
        var admin = admin("chinook-invoices");
        put(admin, "/areas/sales", AREA).must(201);
        var place = "/areas/sales/collections/invoices";
        put(admin, place, """
                {"schema": {"type": "object", "properties": {
                  "InvoiceId": {"type": "integer"}, "CustomerId": {"type": "integer", "x-searchable": true},
                  "InvoiceDate": {"type": "string"}, "BillingAddress": {"type": "string", "x-personal": true},
                  "BillingCity": {"type": "string", "x-personal": true}, "BillingState": {"type": "string"},
                  "BillingCountry": {"type": "string"}, "BillingPostalCode": {"type": "string", "x-personal": true},
                  "Total": {"type": "number", "x-searchable": true}}}}""").must(201);
        call("POST", admin, place + "/records:import", lines, Map.of("Content-Type", "application/x-ndjson"))
                .must(200);

        assertThat(export(admin, place)).containsExactlyInAnyOrderElementsOf(invoices);
        for (var filter : Map.of("Total eq 1.98", 1.98, "Total eq 0.99", 0.99).entrySet()) {
            assertThat(ids(admin, place, filter.getKey()))
                    .isNotEmpty()
                    .containsExactlyInAnyOrderElementsOf(invoices.stream()
                            .filter(each -> each.path("Total").asDouble() == filter.getValue())
                            .map(each -> each.path("InvoiceId").asInt())
                            .toList());
        }
        assertThat(ids(admin, place, "Total gt 13.86 and CustomerId le 30"))
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(invoices.stream()
                        .filter(each -> each.path("Total").asDouble() > 13.86
                                && each.path("CustomerId").asInt() <= 30)
                        .map(each -> each.path("InvoiceId").asInt())
                        .toList());
    }

    private Collection<Integer> ids(Who who, String place, String filter) {
        return get(who, place + "/records?limit=500&select=InvoiceId&filter=" + encoded(filter))
                .must(200)
                .body()
                .path("items")
                .valueStream()
                .map(each -> each.path("InvoiceId").asInt())
                .toList();
    }

    private List<JsonNode> export(Who who, String place) {
        return get(who, place + "/records:export")
                .must(200)
                .text()
                .lines()
                .map(line ->
                        (JsonNode) ((ObjectNode) JSON.readTree(line)).without(List.of("id", "createdAt", "updatedAt")))
                .toList();
    }

    private static String schema(JsonNode example) {
        var schema = JSON.createObjectNode();
        schema.put("type", "object").putArray("required").add("Email");
        var properties = schema.putObject("properties");
        example.forEachEntry((name, value) -> {
            var property = properties.putObject(name).put("type", value.isNumber() ? "integer" : "string");
            if (!PLAIN.contains(name)) {
                property.put("x-personal", true);
            }
            if (name.equals("Email")) {
                property.put("x-subject", true);
            }
        });
        return JSON.createObjectNode().set("schema", schema).toString();
    }

    private static JsonNode withoutEmpty(JsonNode row) {
        var kept = JSON.createObjectNode();
        row.forEachEntry((name, value) -> {
            if (!value.isString() || !value.stringValue().isEmpty()) {
                kept.set(name, value);
            }
        });
        return kept;
    }
}
