package dk.elleve.local;

import dk.elleve.contracts.Topic;
import dk.elleve.kit.test.TopicProbe;
import dk.elleve.kit.test.part.Parts;
import dk.elleve.kit.test.part.Ports;
import dk.elleve.local.Platform.Store;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// The platform's main job told step by step on the running installation. A step that does not see what it should see
/// throws, and the demo ends there with a failure.
final class Demo {

    /// One step of the story.
    ///
    /// @param title what is shown, as one sentence
    /// @param action does it and prints what really came back
    record Step(String title, Action action) {}

    interface Action {
        void run() throws Exception;
    }

    interface Look<T> {
        T look() throws Exception;
    }

    private static final String AREA = "customers";
    private static final String NEW_ADDRESS = "Skagen, Grenen 1";

    private final Platform platform;
    private final Screen screen;
    private final Clock clock = Clock.systemUTC();

    private DemoData data = new DemoData(List.of());
    private Path folder = Path.of("");
    private String followed = "";
    private String changed = "";

    Demo(Platform platform, Screen screen) {
        this.platform = platform;
        this.screen = screen;
    }

    int run(List<String> words) {
        data = chosen(words);
        folder = platform.folder();
        platform.mustRun();
        try (var api = new Api(platform.house(), clock)) {
            Files.createDirectories(folder);
            var number = 0;
            var story = story(api);
            for (var step : story) {
                screen.line();
                screen.line(++number + ". " + step.title());
                var start = System.nanoTime();
                try {
                    step.action().run();
                } catch (Exception e) {
                    screen.line("   FAILED: " + Up.sentence(e));
                    return 1;
                }
                say("done in " + Screen.seconds(start));
            }
            screen.line();
            screen.line("All " + number + " steps did what they should. Dashboard: "
                    + platform.house().dashboard());
            return 0;
        } catch (IOException e) {
            throw new Refusal("The folder " + folder + " cannot be written: " + e.getMessage() + ".");
        }
    }

    private static DemoData chosen(List<String> words) {
        if (words.isEmpty()) {
            return DemoData.danish(11);
        }
        if (words.size() == 2 && words.getFirst().equals("--data")) {
            return DemoData.from(Path.of(words.get(1)));
        }
        throw new Refusal("./elleve demo knows --data DIR only; --help shows how.");
    }

    private List<Step> story(Api api) {
        return List.of(
                new Step("The administrator opens the tenants nord and havn", () -> openTenants(api)),
                new Step(
                        "nord-admin defines the area `customers` and brings in people; personal fields are encrypted per tenant",
                        () -> bringInPeople(api)),
                new Step("Nobody finds a personal value in the database files, the WAL or on Kafka", this::findNothing),
                new Step(
                        "havn-user tries to read a record of nord: 404, and the attempt is on record",
                        () -> tryToCross(api)),
                new Step(
                        "Every change is in the log with a proof that a stranger can check offline",
                        () -> proveChange(api)),
                new Step(
                        "Somebody changes a row with SQL: finding, breach case and mail within seconds",
                        () -> tamper(api)),
                new Step("Rows are destroyed, and brought back from the encrypted backup", () -> restore(api)),
                new Step("The eleven answers, as they are proven right now", () -> showAnswers(api)),
                new Step("The same in a browser, signed in at Keycloak", this::lookAtDashboard));
    }

    private void openTenants(Api api) throws Exception {
        for (var tenant :
                Map.of("nord", "Nord Gruppen A/S", "havn", "Havn Logistik ApS").entrySet()) {
            var opened = api.post("administrator", "/tenants", Map.of("id", tenant.getKey(), "name", tenant.getValue()))
                    .must(201, 202, 409);
            say(
                    opened.status() == 409
                            ? tenant.getKey() + " is open already"
                            : tenant.getKey() + " → "
                                    + opened.json().path("state").asString());
            await(
                    "the tenant " + tenant.getKey() + " is open",
                    Duration.ofSeconds(30),
                    () -> api.get("administrator", "/tenants/" + tenant.getKey())
                            .must(200)
                            .json()
                            .path("state")
                            .asString(),
                    "open"::equals);
            for (var login : List.of(tenant.getKey() + "-admin", tenant.getKey() + "-user")) {
                api.post("administrator", "/tenants/" + tenant.getKey() + "/members", Map.of("login", login))
                        .must(201);
            }
        }
        try (var probe = new TopicProbe(platform.house().bootstrapServers())) {
            for (var tenant : List.of("nord", "havn")) {
                var heard = probe.await(
                        Topic.IDENTITY_TENANTS,
                        event -> tenant.equals(event.tenant()) && event.type().endsWith("tenant-opened.v1"));
                say("identity.tenants.v1: " + heard.type() + " " + heard.body());
            }
        }
        api.forgetTokens();
        var me = api.get("nord-admin", "/me").must(200).json();
        if (!me.path("tenant").asString("").equals("nord")) {
            throw new IllegalStateException("nord-admin's token does not name the tenant nord: " + me);
        }
        // The keyring holds the tenants' keys beside everything that is backed up; its file names are the tenants.
        var names = new Grep(List.of("\"nord.key\"", "\"havn.key\""));
        await(
                "the tenants have keys in the keyring",
                Duration.ofSeconds(30),
                () -> platform.search(names, Store.BLOBS).found().size(),
                found -> found >= 2);
        say("keyring: nord.key, havn.key (wrapped by the master key)");
    }

    private void bringInPeople(Api api) throws Exception {
        var area = Map.of(
                "purpose",
                "Delivering what customers ordered",
                "legalBasis",
                "6.1.b",
                "dataSubjects",
                List.of("customers"),
                "dataCategories",
                List.of("contact details"),
                "recipients",
                List.of(),
                "retention",
                "P5Y");
        put(api, "/areas/" + AREA, area);
        say("area " + AREA + ": purpose, legal basis 6.1.b, kept 5 years");
        for (var collection : data.collections()) {
            var path = "/areas/" + AREA + "/collections/" + collection.name();
            put(api, path, Map.of("schema", collection.schema()));
            var present = api.get("nord-admin", path + "/records?limit=1")
                    .must(200)
                    .json()
                    .path("items")
                    .size();
            if (present > 0) {
                clear(api, path);
            }
            var imported = imported(api, collection);
            say(collection.name() + ": " + collection.rows().size() + " people imported, personal fields "
                    + String.join(", ", collection.personal()) + " → " + imported);
        }

        var first = data.collections().getFirst();
        var path = "/areas/" + AREA + "/collections/" + first.name() + "/records";
        var email = first.rows().getFirst().path(first.identifies()).asString();
        var found = api.get(
                        "nord-user",
                        path + "?filter="
                                + encoded(first.identifies() + " eq \"" + email.toUpperCase(Locale.ROOT) + "\""))
                .must(200)
                .json()
                .path("items");
        if (found.size() != 1) {
            throw new IllegalStateException("The search by e-mail found " + found.size() + " people, not one");
        }
        followed = found.get(0).path("id").asString();
        say("found by " + first.identifies() + " through a blind index: record " + followed);

        var record = api.get("nord-user", path + "/" + followed).must(200);
        changed = record.json().has("city") ? "city" : record.json().has("City") ? "City" : first.identifies();
        patch(api, path + "/" + followed, record, Map.of(changed, NEW_ADDRESS)).must(200);
        say("changed the field " + changed + " of it");
        var stale = patch(api, path + "/" + followed, record, Map.of());
        say("the same change with the old ETag: " + stale.must(412).status() + " "
                + stale.json().path("code").asString());
        var second = api.get("nord-user", path + "?limit=5").must(200).json().path("items");
        for (var row : second) {
            if (!row.path("id").asString().equals(followed)) {
                var one = api.get("nord-admin", path + "/" + row.path("id").asString())
                        .must(200);
                api.call(
                                "DELETE",
                                "nord-admin",
                                path + "/" + row.path("id").asString(),
                                null,
                                Map.of("If-Match", one.headers().getOrDefault("etag", "")))
                        .must(204);
                say("deleted record " + row.path("id").asString());
                break;
            }
        }
    }

    private String imported(Api api, DemoData.Collection collection) throws Exception {
        return api.call(
                        "POST",
                        "nord-admin",
                        "/areas/" + AREA + "/collections/" + collection.name() + "/records:import",
                        collection.ndjson(),
                        Map.of(
                                "Content-Type",
                                "application/x-ndjson",
                                "Idempotency-Key",
                                "demo-" + collection.name() + "-" + clock.instant()))
                .must(200, 201)
                .text();
    }

    private void put(Api api, String path, Object body) throws Exception {
        var present = api.get("nord-admin", path);
        var headers = new TreeMap<String, String>();
        headers.put("Content-Type", "application/json");
        if (present.status() == 200) {
            headers.put("If-Match", present.headers().getOrDefault("etag", ""));
        }
        api.call("PUT", "nord-admin", path, Api.JSON.writeValueAsString(body), headers)
                .must(200, 201, 204);
    }

    private void clear(Api api, String collection) throws Exception {
        int gone = 0;
        while (true) {
            var rows = api.get("nord-admin", collection + "/records?limit=200")
                    .must(200)
                    .json()
                    .path("items");
            if (rows.isEmpty()) {
                say("an earlier demo's " + gone + " records deleted first");
                return;
            }
            for (var row : rows) {
                var path = collection + "/records/" + row.path("id").asString();
                var one = api.get("nord-admin", path).must(200);
                api.call(
                                "DELETE",
                                "nord-admin",
                                path,
                                null,
                                Map.of("If-Match", one.headers().getOrDefault("etag", "")))
                        .must(204);
                gone++;
            }
        }
    }

    private void findNothing() throws Exception {
        Set<String> secrets = new LinkedHashSet<>();
        data.collections().forEach(collection -> secrets.addAll(collection.secrets()));
        secrets.add(NEW_ADDRESS);
        var grep = new Grep(secrets);
        // What proves that the search itself works: words that must stand there in clear.
        var control = new Grep(List.of("Delivering what customers ordered"));
        try (var admin = platform.house().database().superuser("postgres").getConnection();
                var sql = admin.createStatement()) {
            sql.execute("CHECKPOINT");
        }
        var database = platform.search(grep, Store.DATABASE);
        say("PostgreSQL: %d files, %d MB, %d values looked for, found %d"
                .formatted(
                        database.files(),
                        database.bytes() >> 20,
                        secrets.size(),
                        database.found().size()));
        if (platform.search(control, Store.DATABASE).found().isEmpty()) {
            throw new IllegalStateException("The control was not found either: the search does not work");
        }
        long messages = 0;
        Set<String> onKafka = new LinkedHashSet<>(database.found());
        try (var probe = new TopicProbe(platform.house().bootstrapServers())) {
            for (var topic : Topic.values()) {
                for (var heard : probe.all(topic)) {
                    messages++;
                    onKafka.addAll(grep.in(heard.body().toString().getBytes(StandardCharsets.UTF_8)));
                }
            }
        }
        var log = platform.search(grep, Store.BUS);
        onKafka.addAll(log.found());
        say("Kafka: %d messages of %d topics and %d MB of log files, found %d"
                .formatted(
                        messages,
                        Topic.values().length,
                        log.bytes() >> 20,
                        log.found().size()));
        var blobs = platform.search(grep, Store.BLOBS);
        var logs = platform.search(grep, Store.LOGS);
        onKafka.addAll(blobs.found());
        onKafka.addAll(logs.found());
        say("Blob storage: %d MB, found %d; log files: %d MB, found %d"
                .formatted(
                        blobs.bytes() >> 20,
                        blobs.found().size(),
                        logs.bytes() >> 20,
                        logs.found().size()));
        if (!onKafka.isEmpty()) {
            throw new IllegalStateException("Personal values stand in clear, for instance in "
                    + onKafka.iterator().next().replaceAll(": .*", ""));
        }
    }

    private void tryToCross(Api api) throws Exception {
        var collection = data.collections().getFirst().name();
        var path = "/areas/" + AREA + "/collections/" + collection + "/records/" + followed;
        var answer = api.get("havn-user", path).must(404);
        say("GET " + path + " as havn-user → 404 " + answer.json().path("code").asString());
        var havnUser = api.get("havn-user", "/me").must(200).json().path("id").asString();
        var entry = await(
                "the attempt is in the audit log",
                Duration.ofSeconds(20),
                () -> entry(
                        api,
                        "/audit/entries?kind=access&limit=50&actor=" + havnUser,
                        e -> e.toString().contains(followed)),
                found -> !found.isMissingNode());
        say("entry " + entry.path("index") + ": " + entry.path("kind").asString() + " by " + entry.path("actor")
                + " on " + entry.path("resource").asString());
    }

    private void proveChange(Api api) throws Exception {
        var entry = await(
                "the change is in the audit log",
                Duration.ofSeconds(20),
                () -> entry(
                        api,
                        "/audit/entries?tenant=nord&limit=200",
                        e -> e.toString().contains(followed) && e.has("before") && e.has("after")),
                found -> !found.isMissingNode());
        say("entry " + entry.path("index") + ": " + entry.path("resource").asString() + " by " + entry.path("actor"));
        say("before: " + abbreviated(entry.path("before")));
        say("after:  " + abbreviated(entry.path("after")));

        var index = entry.path("index").asString();
        var proof = await(
                "the proof is there",
                Duration.ofSeconds(20),
                () -> api.get("auditor", "/audit/entries/" + index + "/proof"),
                answer -> answer.status() == 200);
        var file = folder.resolve("entry-" + index + ".tlog-proof");
        Files.writeString(file, proof.text());
        say("proof saved: " + file);

        say("kill -9 for all six services: the check needs none");
        platform.killServices();
        try {
            verify(file, 0);
            var bytes = Files.readAllBytes(file);
            bytes[bytes.length / 3] ^= 1;
            var flipped = folder.resolve("entry-" + index + "-flipped.tlog-proof");
            Files.write(flipped, bytes);
            verify(flipped, 1);
        } finally {
            platform.startServices();
        }
        say("services started again");
        var start = System.nanoTime();
        move(api, "Gilleleje, Havnevej 3");
        await(
                "a change made after the restart is in the audit log",
                Duration.ofMinutes(2),
                () -> entry(
                        api,
                        "/audit/entries?tenant=nord&limit=50",
                        e -> e.toString().contains(followed)
                                && e.path("index").asInt() > Integer.parseInt(index)
                                && e.has("before")),
                found -> !found.isMissingNode());
        say("a change made after the restart is in the log after " + Screen.seconds(start));
    }

    private void move(Api api, String to) throws Exception {
        var path = "/areas/" + AREA + "/collections/"
                + data.collections().getFirst().name() + "/records/" + followed;
        var record = api.get("nord-user", path).must(200);
        patch(api, path, record, Map.of(changed, to)).must(200);
    }

    /// Changes a record that is still as it was seen.
    private static Api.Answer patch(Api api, String path, Api.Answer seen, Map<String, String> fields)
            throws IOException, InterruptedException {
        return api.call(
                "PATCH",
                "nord-admin",
                path,
                Api.JSON.writeValueAsString(fields),
                Map.of(
                        "Content-Type",
                        "application/merge-patch+json",
                        "If-Match",
                        seen.headers().getOrDefault("etag", "")));
    }

    private void verify(Path file, int expected) throws Exception {
        var output = new ByteArrayOutputStream();
        int status = platform.verify(List.of(file.toString()), output);
        output.toString(StandardCharsets.UTF_8).lines().forEach(line -> say("./elleve verify: " + line));
        if ((status == 0) != (expected == 0)) {
            throw new IllegalStateException("The verifier ended with " + status + " for " + file.getFileName());
        }
    }

    private void tamper(Api api) throws Exception {
        decideEarlierCases(api);
        long start;
        Instant since;
        try (var owner = platform.house()
                        .database()
                        .as("tenant_data", "tenant_data_migrator")
                        .getConnection();
                var sql = owner.createStatement()) {
            sql.execute("SELECT set_config('elleve.tenant', 'nord', false)");
            var statement = "UPDATE data.record SET updated_at = now() WHERE id = '" + followed + "'";
            start = System.nanoTime();
            since = clock.instant();
            say("as tenant_data_owner: " + statement + " → " + sql.executeUpdate(statement) + " row");
        }
        var limit = Duration.ofSeconds(5);
        var entry = await(
                "an entry without an author",
                limit,
                () -> entry(
                        api,
                        "/audit/entries?unattributed=true&limit=20",
                        e -> e.toString().contains(followed)),
                found -> !found.isMissingNode());
        say("after %s: entry %s with flags %s by %s"
                .formatted(Screen.seconds(start), entry.path("index"), entry.path("flags"), entry.path("actor")));
        var breach = await(
                "a breach case",
                limit,
                () -> newest(
                        api.get("dpo", "/breaches?limit=20").must(200).json().path("items"), since),
                found -> !found.isMissingNode());
        say("after %s: breach case %s, %s"
                .formatted(
                        Screen.seconds(start),
                        breach.path("id").asString(),
                        breach.path("title")
                                .path("en")
                                .asString(breach.path("kind").asString())));
        var mail = await(
                "a mail to the DPO",
                limit,
                () -> mailAbout(breach.path("id").asString()),
                found -> !found.isMissingNode());
        // When the server got it, not when it was seen here: looking takes its time on a busy machine, too.
        var received =
                Duration.between(since, Instant.parse(mail.path("receivedAt").asString()));
        var seconds = received.toMillis() / 1e3;
        say("after %.1f s: mail to %s: %s"
                .formatted(seconds, mail.path("to"), mail.path("subject").asString()));
        if (seconds > 5) {
            throw new IllegalStateException("It took %.1f s, not 5".formatted(seconds));
        }
    }

    /// A further finding joins a case that nobody has decided on, with at most one mail a minute: an earlier demo's
    /// cases are decided first, so that this one's has a mail of its own.
    private void decideEarlierCases(Api api) throws Exception {
        for (var one : api.get("dpo", "/breaches?limit=100").must(200).json().path("items")) {
            var undecided =
                    List.of("open", "assessed").contains(one.path("state").asString());
            if (undecided && one.path("kind").asString("").contains("unattributed")) {
                api.post(
                                "dpo",
                                "/breaches/" + one.path("id").asString() + "/decision",
                                Map.of(
                                        "notifyAuthority",
                                        false,
                                        "notifySubjects",
                                        false,
                                        "reason",
                                        "Made by an earlier run of the demo; no person is concerned."))
                        .must(200, 201);
                say("the DPO decides on the earlier case " + one.path("id").asString());
            }
        }
    }

    private static JsonNode newest(JsonNode cases, Instant since) {
        for (var one : cases) {
            var at = one.path("discoveredAt").asString(one.path("awareAt").asString(""));
            var last = one.path("lastFindingAt").asString(at);
            if (!last.isEmpty()
                    && !Instant.parse(last).isBefore(since.minusSeconds(1))
                    && one.toString().contains("unattributed")) {
                return one;
            }
        }
        return Api.JSON.missingNode();
    }

    /// The mail to the data protection officer that links to the case.
    private JsonNode mailAbout(String breach) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create(platform.mails())).build(), HttpResponse.BodyHandlers.ofString());
            for (var mail : Api.JSON.readTree(answer.body())) {
                if (mail.path("text").asString("").contains(breach)
                        && mail.path("to").toString().contains("dpo@")) {
                    return mail;
                }
            }
            return Api.JSON.missingNode();
        }
    }

    private void restore(Api api) throws Exception {
        if (lastFull(api).isEmpty()) {
            api.post("administrator", "/backups", Map.of("kind", "full")).must(202);
        }
        var backup =
                await("a full backup is complete", Duration.ofMinutes(2), () -> lastFull(api), full -> !full.isEmpty());
        say("full backup of " + backup + ", encrypted, in Azurite");

        var before =
                contents(platform.house().database().superuser("tenant_data").getConnection());
        // One commit after the moment, so that recovery has a point to stop before.
        var moment = databaseTime();
        say("the moment: " + moment + ", " + before.size() + " tables of tenant_data digested");
        try (var admin = platform.house().database().superuser("tenant_data").getConnection();
                var sql = admin.createStatement()) {
            var delete = "DELETE FROM data.record WHERE tenant_id = 'nord' AND area = 'customers'";
            say("destroyed: " + delete + " → " + sql.executeUpdate(delete) + " rows");
            sql.execute("SELECT pg_switch_wal()");
        }
        await(
                "the WAL of the destruction is in blob storage",
                Duration.ofSeconds(60),
                () -> backupStatus(api).path("lastWalAt").asString(""),
                shipped -> !shipped.isEmpty() && Instant.parse(shipped).isAfter(moment));

        var target = folder.resolve("restored");
        Files.createDirectories(folder);
        deleteAll(target);
        int port = Ports.free();
        var output = new ByteArrayOutputStream();
        int status = platform.restore(
                List.of(
                        "--at",
                        moment.toString(),
                        "--to",
                        target.toString(),
                        "--start",
                        "--port",
                        Integer.toString(port)),
                output);
        output.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.contains("\r"))
                .forEach(line -> say("./elleve restore: " + line));
        if (status != 0) {
            throw new IllegalStateException("./elleve restore ended with " + status);
        }
        var login = new Properties();
        login.setProperty("user", "postgres");
        login.setProperty("password", platform.house().secrets().password("postgres"));
        try {
            var after = contents(
                    DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/tenant_data", login));
            if (!after.equals(before)) {
                throw new IllegalStateException("The restored database differs: before " + before + ", after " + after);
            }
            before.forEach((table, digest) -> say("equal row by row: " + table + " " + digest));
        } finally {
            stopRestored(target);
        }
        for (var collection : data.collections()) {
            imported(api, collection);
        }
        say("the people are brought in anew through the gateway: the running platform has data again");
    }

    private Instant databaseTime() throws SQLException, InterruptedException {
        try (var admin = platform.house().database().superuser("tenant_data").getConnection();
                var sql = admin.createStatement();
                var row = sql.executeQuery("SELECT clock_timestamp(), pg_sleep(0.05)")) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    private static JsonNode backupStatus(Api api) throws IOException, InterruptedException {
        return api.get("administrator", "/backups/status").must(200).json();
    }

    /// When the newest complete full backup was taken; empty while there is none.
    private static String lastFull(Api api) throws IOException, InterruptedException {
        return backupStatus(api).path("lastFull").asString("");
    }

    /// Rows and a digest of each business table.
    private static Map<String, String> contents(Connection connection) throws SQLException {
        try (connection;
                var sql = connection.createStatement()) {
            var tables = new ArrayList<String>();
            try (var rows = sql.executeQuery("""
                    SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
                    WHERE schemaname = 'data' AND tablename <> 'ddl_log' ORDER BY 1
                    """)) {
                while (rows.next()) {
                    tables.add(rows.getString(1));
                }
            }
            var contents = new TreeMap<String, String>();
            for (var table : tables) {
                try (var row = sql.executeQuery(
                        "SELECT count(*), coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '-') FROM "
                                + table + " t")) {
                    row.next();
                    contents.put(table, row.getLong(1) + " rows, " + row.getString(2));
                }
            }
            return contents;
        }
    }

    private void stopRestored(Path target) throws IOException, InterruptedException {
        var pidFile = target.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        var pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().strip());
        new ProcessBuilder("kill", "-INT", Long.toString(pid)).start().waitFor();
        var handle = ProcessHandle.of(pid);
        handle.ifPresent(process -> {
            try {
                process.onExit().get(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException e) {
                throw new IllegalStateException("The restored server did not stop", e);
            }
        });
    }

    private void showAnswers(Api api) throws Exception {
        var answers = api.get(null, "/answers").must(200).json().path("items");
        if (answers.size() != 11) {
            throw new IllegalStateException("There are " + answers.size() + " answers, not eleven");
        }
        for (var answer : answers) {
            var state = answer.path("state").asString();
            var claims = answer.path("claims");
            int proven = 0;
            for (var claim : claims) {
                if (claim.path("state").asString().equals("proven")) {
                    proven++;
                }
            }
            say("%2s. %-62s %-14s %d of %d claims proven"
                    .formatted(
                            answer.path("number").asString(),
                            abbreviated(
                                    answer.path("question")
                                            .path("en")
                                            .asString(answer.path("question").asString("")),
                                    62),
                            state.equals("unproven") ? "not yet proven" : state,
                            proven,
                            claims.size()));
            if (state.equals("proven") && (proven != claims.size() || claims.isEmpty())) {
                throw new IllegalStateException("Answer " + answer.path("number") + " calls itself proven and is not");
            }
        }
    }

    private void lookAtDashboard() throws Exception {
        var chromium = List.of("chromium", "chromium-browser", "google-chrome", "chrome").stream()
                .flatMap(name -> Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                        .map(path -> Path.of(path, name)))
                .filter(Files::isExecutable)
                .findFirst();
        if (chromium.isEmpty()) {
            throw new IllegalStateException(
                    "No Chromium is on the PATH: install it (Debian: apt-get install chromium)");
        }
        var home = Parts.standard().npm("browser", resource("package.json"), resource("package-lock.json"));
        var script = folder.resolve("look.mjs");
        Files.writeString(script, resource("look.mjs"));
        var browser = new ProcessBuilder(
                        "node",
                        script.toString(),
                        platform.house().dashboard(),
                        "dpo",
                        Api.PASSWORD,
                        chromium.get().toString(),
                        folder.toString())
                .directory(home.toFile())
                .redirectErrorStream(true)
                .start();
        try (var lines = browser.inputReader()) {
            lines.lines().forEach(this::say);
        }
        if (browser.waitFor() != 0) {
            throw new IllegalStateException("The browser did not see what it should; pictures are in " + folder);
        }
        say("pictures: " + folder);
    }

    private static String resource(String name) {
        try (var in = Demo.class.getResourceAsStream("/browser/" + name)) {
            if (in == null) {
                throw new IllegalStateException("The program lacks its file browser/" + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode entry(Api api, String path, Predicate<JsonNode> fits) throws Exception {
        for (var entry : api.get("auditor", path).must(200).json().path("items")) {
            if (fits.test(entry)) {
                return entry;
            }
        }
        return Api.JSON.missingNode();
    }

    /// Until it is so, looking four times a second.
    private static <T> T await(String what, Duration limit, Look<T> look, Predicate<T> condition) throws Exception {
        var end = System.nanoTime() + limit.toNanos();
        while (true) {
            var seen = look.look();
            if (condition.test(seen)) {
                return seen;
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException("Not within " + limit.toSeconds() + " s: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(250);
        }
    }

    private static void deleteAll(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String abbreviated(JsonNode node) {
        return abbreviated(node.toString(), 220);
    }

    private static String abbreviated(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest - 1) + "…";
    }

    private void say(String text) {
        screen.line("   " + text);
    }
}
