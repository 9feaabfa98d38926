package dk.elleve.local;

import dk.elleve.kit.test.part.ProjectRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What `deploy/prometheus` and `deploy/grafana` ask of the metrics.
final class Observability {

    static final Path PROMETHEUS = ProjectRoot.find().resolve("deploy/prometheus");
    static final Path GRAFANA = ProjectRoot.find().resolve("deploy/grafana");
    static final Path RUNBOOKS = ProjectRoot.find().resolve("deploy/runbooks");

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'");
    private static final Pattern IN_BRACES = Pattern.compile("\\{[^}]*}");
    private static final Pattern LABELS =
            Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
    private static final Pattern RANGE = Pattern.compile("\\[[^]]*]|\\boffset\\s+\\w+");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*(?!\\s*\\()\\b");
    private static final Set<String> WORDS =
            Set.of("and", "or", "unless", "bool", "by", "without", "on", "ignoring", "inf", "nan");

    /// @param alert the name of an alert, or of a recording rule
    record Rule(String file, boolean alert, String name, String expression, Map<String, Object> whole) {}

    /// @param board the dashboard's title
    record Query(String board, String panel, String expression) {}

    private Observability() {}

    static List<Rule> rules() {
        var rules = new ArrayList<Rule>();
        for (var file : files(PROMETHEUS.resolve("rules"), ".yml")) {
            for (var group : maps(yaml(file).get("groups"))) {
                for (var rule : maps(group.get("rules"))) {
                    var alert = rule.containsKey("alert");
                    rules.add(new Rule(
                            file.getFileName().toString(),
                            alert,
                            String.valueOf(rule.get(alert ? "alert" : "record")),
                            String.valueOf(rule.get("expr")),
                            rule));
                }
            }
        }
        return rules;
    }

    static List<Query> queries() {
        var queries = new ArrayList<Query>();
        for (var file : files(GRAFANA.resolve("dashboards"), ".json")) {
            var board = JSON.readTree(read(file));
            for (var panel : board.path("panels")) {
                for (var target : panel.path("targets")) {
                    queries.add(new Query(
                            board.path("title").asString(),
                            panel.path("title").asString(),
                            target.path("expr").asString()));
                }
            }
        }
        return queries;
    }

    /// The names of the metrics in an expression: words that are neither functions, nor labels, nor the language's own.
    static Set<String> metrics(String expression) {
        var bare = STRING.matcher(expression).replaceAll("");
        bare = IN_BRACES.matcher(bare).replaceAll("");
        bare = LABELS.matcher(bare).replaceAll("");
        bare = RANGE.matcher(bare).replaceAll("");
        var names = new TreeSet<String>();
        NAME.matcher(bare).results().map(found -> found.group()).forEach(names::add);
        names.removeIf(name -> WORDS.contains(name.toLowerCase(java.util.Locale.ROOT)));
        names.remove("ALERTS");
        return names;
    }

    static Map<String, Object> yaml(Path file) {
        return map(new Yaml(new SafeConstructor(new LoaderOptions())).load(read(file)));
    }

    static JsonNode json(String text) {
        return JSON.readTree(text);
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> maps(Object value) {
        return (List<Map<String, Object>>) value;
    }

    static List<Path> files(Path folder, String ending) {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
