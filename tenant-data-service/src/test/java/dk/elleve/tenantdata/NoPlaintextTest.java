package dk.elleve.tenantdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dk.elleve.contracts.Topic;
import dk.elleve.kit.test.Rig;
import dk.elleve.kit.test.TopicProbe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Looks where a thief would: into the database's files and its WAL, the broker's topics, the spool, the logs.
class NoPlaintextTest extends TenantDataRig {

    private static final String CONTROL = "KontrolVaerdi5381ErIkkePersonlig";
    /// Starts every personal value here; of a length that base64 writes the same whatever follows.
    private static final String MARK = "Hemmelig7731";

    private static final List<String> SECRETS = List.of(
            MARK + ".postkasse@lukket.invalid",
            MARK + " Navnløs Otte",
            MARK + " bor bag den grønne dør",
            MARK + ".forkert@lukket.invalid");

    private static final String SCHEMA = """
            {"schema": {"type": "object", "required": ["email"], "properties": {
              "email": {"type": "string", "x-personal": true, "x-searchable": true, "x-subject": true},
              "name": {"type": "string", "x-personal": true, "x-searchable": true},
              "note": {"type": "string", "x-personal": true},
              "code": {"type": "string", "x-searchable": true},
              "level": {"type": "integer"}}}}
            """;

    @Test
    void no_personal_value_lies_in_clear_in_files_wal_topics_spool_or_logs() throws IOException {
        assumeTrue(Rig.filesAreHere(), "the database's files are in a container");
        open("gilleleje");
        var user = user("gilleleje");
        put(admin("gilleleje"), "/areas/sales", AREA).must(201);
        put(admin("gilleleje"), COLLECTION, SCHEMA).must(201);
        var good = JSON.createObjectNode()
                .put("email", SECRETS.get(0))
                .put("name", SECRETS.get(1))
                .put("note", SECRETS.get(2))
                .put("code", CONTROL);
        var bad = JSON.createObjectNode().put("email", SECRETS.get(3)).put("level", "x");
        bring(user, RECORDS + ":import?onError=skip", "application/x-ndjson", good + "\n" + bad + "\n")
                .must(200);
        bring(user, RECORDS + ":import", "text/csv", "email\n\"" + SECRETS.get(3) + "\"x\n")
                .must(400);
        call("POST", user, RECORDS, bad.toString(), Map.of("Idempotency-Key", "k1"))
                .must(422);
        call("POST", user, RECORDS, good.toString(), Map.of("Idempotency-Key", "k2"))
                .must(201);
        var found = filtered(user, "email eq \"" + SECRETS.get(0).toUpperCase(Locale.ROOT) + "\"")
                .must(200)
                .body()
                .path("items");
        assertThat(found).hasSize(2);
        var id = found.get(0).path("id").asString();
        filtered(user, "email gt \"" + SECRETS.get(0) + "\"").must(400);
        var one = get(user, RECORDS + "/" + id).must(200);
        call("PATCH", user, RECORDS + "/" + id, "{\"level\": 1}", Map.of("If-Match", one.tag()))
                .must(200);
        get(user, RECORDS + ":export").must(200);

        try (var probe = TopicProbe.rig()) {
            probe.await(
                    Topic.TENANTDATA_READS,
                    heard -> String.valueOf(heard.value()).contains(id));
            var topics = new StringBuilder();
            for (var topic : Topic.of("tenantdata")) {
                probe.all(topic).forEach(topics::append);
            }
            assertThat(topics).as("positive control").contains(id);
            for (var form : forms()) {
                assertThat(topics.indexOf(form)).isNegative();
            }
        }

        JdbcClient.create(Rig.postgres().superuser("tenant_data"))
                .sql("CHECKPOINT")
                .update();
        var seen = search(Rig.place().root());
        assertThat(seen.clear()).isEmpty();
        assertThat(seen.control())
                .as("positive control: what is not personal is found")
                .anyMatch(file -> file.contains("/base/"))
                .anyMatch(file -> file.contains("/pg_wal/"));
    }

    private record Seen(List<String> clear, List<String> control) {}

    /// The mark as it is, as it is normalised, and in the encodings that are no encryption.
    private static List<String> forms() {
        var forms = new ArrayList<String>();
        for (var text : List.of(MARK, MARK.toLowerCase(Locale.ROOT), MARK.toUpperCase(Locale.ROOT))) {
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            forms.add(text);
            forms.add(Base64.getEncoder().encodeToString(bytes));
            forms.add(HexFormat.of().formatHex(bytes));
        }
        return forms;
    }

    private static Seen search(Path root) throws IOException {
        var seen = new Seen(new ArrayList<>(), new ArrayList<>());
        var forms = forms();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                try {
                    var content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                    if (forms.stream().anyMatch(content::contains)) {
                        seen.clear().add(file.toString());
                    }
                    if (content.contains(CONTROL)) {
                        seen.control().add(file.toString());
                    }
                } catch (NoSuchFileException gone) {
                    // The parts go on working meanwhile.
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
        return seen;
    }
}
