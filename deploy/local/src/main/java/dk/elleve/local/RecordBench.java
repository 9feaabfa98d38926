package dk.elleve.local;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// Records through the gateway (token, limits, schema, encryption, blind index, attribution, audit) against the bare
/// database with the same rows and the same durability. The difference is what the platform's promises cost.
final class RecordBench {

    private static final String COLLECTION = "/areas/bench/collections/people";

    private RecordBench() {}

    /// Rows a second, imported in portions of one request or one transaction.
    static final class Import implements Bench.Benchmark {

        private static final int PORTION = 1000;
        private static final int PORTIONS = 5;

        @Override
        public String about() {
            return "rows a second: import through the gateway against batched INSERTs of plain SQL";
        }

        @Override
        public List<Bench.Measure> run(Installation installation, Screen progress) throws Exception {
            try (var api = ready(installation);
                    var sql = peer(installation)) {
                // The first portion warms both.
                ours(api, 0);
                theirs(sql, 0);
                long ours = 0;
                long theirs = 0;
                for (int i = 1; i <= PORTIONS; i++) {
                    ours += ours(api, i);
                    theirs += theirs(sql, i);
                }
                double rows = (double) PORTION * PORTIONS;
                return List.of(new Bench.Measure("import", rows * 1e9 / ours, rows * 1e9 / theirs, "rows/s"));
            }
        }

        private static long ours(Api api, int portion) throws Exception {
            var body = new StringBuilder();
            people(portion)
                    .forEach(
                            row -> body.append(Api.JSON.writeValueAsString(row)).append('\n'));
            var start = System.nanoTime();
            api.call(
                            "POST",
                            "nord-admin",
                            COLLECTION + "/records:import",
                            body.toString(),
                            Map.of("Content-Type", "application/x-ndjson"))
                    .must(200, 201);
            return System.nanoTime() - start;
        }

        private static long theirs(Connection sql, int portion) throws Exception {
            var rows = people(portion);
            var start = System.nanoTime();
            insert(sql, rows);
            return System.nanoTime() - start;
        }

        private static List<ObjectNode> people(int portion) {
            return RecordBench.people(portion, PORTION);
        }
    }

    /// Reads a second of one record by its e-mail address.
    static final class Find implements Bench.Benchmark {

        private static final int READS = 300;

        @Override
        public String about() {
            return "reads a second: one person found by e-mail through the gateway against an indexed SELECT of plain SQL";
        }

        @Override
        public List<Bench.Measure> run(Installation installation, Screen progress) throws Exception {
            try (var api = ready(installation);
                    var sql = peer(installation)) {
                var rows = RecordBench.people(0, 200);
                var body = new StringBuilder();
                rows.forEach(
                        row -> body.append(Api.JSON.writeValueAsString(row)).append('\n'));
                api.call(
                                "POST",
                                "nord-admin",
                                COLLECTION + "/records:import",
                                body.toString(),
                                Map.of("Content-Type", "application/x-ndjson"))
                        .must(200, 201);
                insert(sql, rows);
                ours(api, rows, 50);
                theirs(sql, rows, 50);
                long ours = ours(api, rows, READS);
                long theirs = theirs(sql, rows, READS);
                return List.of(new Bench.Measure("find", READS * 1e9 / ours, READS * 1e9 / theirs, "reads/s"));
            }
        }

        private static long ours(Api api, List<ObjectNode> rows, int reads) throws Exception {
            var start = System.nanoTime();
            for (int i = 0; i < reads; i++) {
                var filter =
                        "email eq \"" + rows.get(i % rows.size()).path("email").asString() + "\"";
                var found = api.get(
                                "nord-user",
                                COLLECTION + "/records?limit=1&filter="
                                        + URLEncoder.encode(filter, StandardCharsets.UTF_8))
                        .must(200);
                if (found.json().path("items").isEmpty()) {
                    throw new IllegalStateException("A person that was just imported is not found");
                }
            }
            return System.nanoTime() - start;
        }

        private static long theirs(Connection sql, List<ObjectNode> rows, int reads) throws Exception {
            var start = System.nanoTime();
            try (var select = sql.prepareStatement("SELECT fields FROM bench_peer WHERE email = ? LIMIT 1")) {
                for (int i = 0; i < reads; i++) {
                    select.setString(1, rows.get(i % rows.size()).path("email").asString());
                    try (var row = select.executeQuery()) {
                        if (!row.next()) {
                            throw new IllegalStateException("A row that was just inserted is not found");
                        }
                    }
                    sql.commit();
                }
            }
            return System.nanoTime() - start;
        }
    }

    private static List<ObjectNode> people(int portion, int count) {
        var rows = new ArrayList<ObjectNode>();
        var stamp = Long.toString(System.nanoTime(), 36);
        for (int i = 0; i < count; i++) {
            var row = Api.JSON.createObjectNode();
            row.put("name", "Bente Bænk " + portion + "." + i);
            row.put("email", "bench-" + stamp + "-" + portion + "-" + i + "@eksempel.dk");
            row.put("level", i % 5);
            rows.add(row);
        }
        return rows;
    }

    private static Api ready(Installation installation) throws Exception {
        var api = new Api(installation, Clock.systemUTC());
        // Before somebody has joined a tenant the door refuses even this.
        var me = api.get("nord-admin", "/me");
        if (me.status() != 200 || !me.json().path("tenant").asString("").equals("nord")) {
            api.close();
            throw new Refusal("The tenant nord is not there yet: run ./elleve demo first.");
        }
        put(
                api,
                "/areas/bench",
                Map.of(
                        "purpose",
                        "Measuring the platform",
                        "legalBasis",
                        "6.1.f",
                        "dataSubjects",
                        List.of("nobody"),
                        "dataCategories",
                        List.of("made up"),
                        "recipients",
                        List.of(),
                        "retention",
                        "P1D"));
        put(api, COLLECTION, Map.of("schema", Api.JSON.readTree("""
                {"type": "object", "additionalProperties": false, "required": ["email"], "properties": {
                  "name": {"type": "string", "x-personal": true},
                  "email": {"type": "string", "x-personal": true, "x-subject": true, "x-searchable": true},
                  "level": {"type": "integer"}}}
                """)));
        return api;
    }

    private static void put(Api api, String path, Object body) throws Exception {
        if (api.get("nord-admin", path).status() == 404) {
            api.call(
                            "PUT",
                            "nord-admin",
                            path,
                            Api.JSON.writeValueAsString(body),
                            Map.of("Content-Type", "application/json"))
                    .must(200, 201, 204);
        }
    }

    /// A table of the same content in the clear, made anew each time. Its WAL is written like any other's:
    /// a temporary table would not be a fair peer.
    private static Connection peer(Installation installation) throws Exception {
        var sql = installation.postgres().superuser("postgres").getConnection();
        sql.setAutoCommit(false);
        try (var statement = sql.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS bench_peer");
            statement.execute(
                    "CREATE TABLE bench_peer (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email TEXT, fields JSONB)");
            statement.execute("CREATE INDEX ON bench_peer (email)");
        }
        sql.commit();
        return sql;
    }

    private static void insert(Connection sql, List<ObjectNode> rows) throws Exception {
        try (var insert = sql.prepareStatement("INSERT INTO bench_peer (email, fields) VALUES (?, ?::jsonb)")) {
            for (var row : rows) {
                insert.setString(1, row.path("email").asString());
                insert.setString(2, Api.JSON.writeValueAsString(row));
                insert.addBatch();
            }
            insert.executeBatch();
        }
        sql.commit();
    }
}
