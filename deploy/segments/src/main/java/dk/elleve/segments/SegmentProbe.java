package dk.elleve.segments;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// `segment-probe`: one word says what to do.
public final class SegmentProbe {

    private static final String HELP = """
        Measures whether the network obeys the declaration of who may talk to whom.

          segment-probe compose   on the Docker host: asks every running member, compares, shows a matrix
          segment-probe publish   says a result as evidence for the answers 6 and 7
          segment-probe probe     what can be reached from here, one JSON line a try
          segment-probe render    writes networks, rules, policies, diagram and table from the declaration

        Every command takes --dir DIR: a folder with segments.yaml and rendered/ instead of the ones built in.
        segment-probe COMMAND --help tells more.
        """;

    private static final Map<String, String> HELP_OF =
            Map.of("compose", """
                segment-probe compose [--project NAME] [--image IMAGE] [--result FILE] [--bootstrap HOST:PORT]

                Enters the network namespace of each running container of the project and tries every address of every
                member and of the host, on every declared port and some that nobody declares. Then it asks the kernel which
                rules stand, which connections exist, and who tried what was dropped.

                  --project NAME         the compose project; the declaration's name if not given
                  --image IMAGE          probe from containers of this image beside each member: for hosts where this
                                         command does not run as root. Rules and connections are then asked through the
                                         running segment-guard
                  --result FILE          writes what was measured, for `publish`
                  --bootstrap HOST:PORT  publishes it at once, where Kafka can be reached from here

                Ends with 0 when everything is as declared, 1 when something is not, 2 when it could not be tried.
                """, "publish", """
                segment-probe publish [--bootstrap HOST:PORT] < FILE

                Says a result of `compose --result FILE` on deploy.evidence.v1; a second time does no harm. In compose:

                  docker compose run --rm -T segment-probe publish < FILE

                  --bootstrap HOST:PORT  kafka:9092 if not given
                """, "probe", """
                segment-probe probe [--from MEMBER]

                Tries to reach everybody from where it stands and prints one JSON line for each try: from, to, address, port,
                declared, outcome (open, refused, unreachable, silent). Nothing is sent over what opens.

                  --from MEMBER  as whom; found by this machine's addresses if not given

                """, "render", """
                segment-probe render --dir DIR

                Writes DIR/rendered from DIR/segments.yaml. The diagram keeps its date unless something else is declared now.
                """);

    private static final Map<String, Set<String>> OPTIONS_OF = Map.of(
            "compose", Set.of("--dir", "--project", "--image", "--result", "--bootstrap"),
            "publish", Set.of("--dir", "--bootstrap"),
            "probe", Set.of("--dir", "--from"),
            "render", Set.of("--dir"));

    /// A network without rules is wrong in thousands of places.
    private static final int SHOWN = 20;

    private static final String KAFKA = "kafka:9092";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Map<String, String> options;
    private final Clock clock;
    private final PrintStream out;

    private SegmentProbe(Map<String, String> options, Clock clock, PrintStream out) {
        this.options = options;
        this.clock = clock;
        this.out = out;
    }

    public static void main(String... words) {
        System.exit(run(System.out, System.err, words));
    }

    static int run(PrintStream out, PrintStream err, String... words) {
        try {
            if (words.length == 0 || words[0].equals("--help") || words[0].equals("-h") || words[0].equals("help")) {
                out.print(HELP);
                return 0;
            }
            var help = HELP_OF.get(words[0]);
            if (help == null) {
                throw new Refusal("There is no command " + words[0] + "; segment-probe --help lists them.");
            }
            var rest = List.of(words).subList(1, words.length);
            if (rest.contains("--help") || rest.contains("-h")) {
                out.print(help);
                return 0;
            }
            var probe = new SegmentProbe(options(words[0], rest), Clock.systemUTC(), out);
            return switch (words[0]) {
                case "compose" -> probe.compose(err);
                case "publish" -> probe.publish(new String(System.in.readAllBytes(), StandardCharsets.UTF_8));
                case "probe" -> probe.probe();
                default -> probe.render();
            };
        } catch (Refusal | UncheckedIOException e) {
            err.println("segment-probe: " + e.getMessage());
            return 2;
        } catch (IOException e) {
            err.println("segment-probe: " + e + ".");
            return 2;
        }
    }

    private static Map<String, String> options(String command, List<String> words) {
        var all = new HashMap<String, String>();
        for (int i = 0; i < words.size(); i++) {
            var word = words.get(i);
            var equals = word.indexOf('=');
            var name = equals < 0 ? word : word.substring(0, equals);
            if (!OPTIONS_OF.getOrDefault(command, Set.of()).contains(name)) {
                throw new Refusal(
                        "segment-probe " + command + " does not know " + word + "; --help shows what it knows.");
            }
            if (equals >= 0) {
                all.put(name, word.substring(equals + 1));
            } else if (i + 1 < words.size()) {
                all.put(name, words.get(++i));
            } else {
                throw new Refusal(
                        "The option " + name + " wants a value; segment-probe " + command + " --help shows how.");
            }
        }
        return all;
    }

    private int compose(PrintStream err) throws IOException {
        var declaration = declaration();
        var project = ComposeProject.find(options.getOrDefault("--project", declaration.name()));
        var outcomes = new ComposeCheck(
                        declaration,
                        drawn().changed(),
                        Optional.ofNullable(options.get("--image")),
                        clock,
                        line -> err.println("  " + line))
                .run(project);
        var measured = outcomes.measured();
        out.println();
        out.print(outcomes.matrix().text());
        out.println();
        out.printf(
                "  %d members, %d tries, %d open of %d expected; diagram of %s%n",
                measured.members().size(),
                measured.probes(),
                measured.open(),
                measured.expected(),
                measured.declared());
        if (!measured.absent().isEmpty()) {
            out.println("  not running: " + String.join(", ", measured.absent()));
        }
        wrong(measured.differences());
        wrong(measured.drift());
        out.println(measured.holds() ? "  Everything is as declared." : "  Not as declared.");
        if (options.containsKey("--result")) {
            Files.writeString(Path.of(options.getOrDefault("--result", "")), JSON.writeValueAsString(measured) + "\n");
        }
        if (options.containsKey("--bootstrap")) {
            publish(measured);
        }
        return measured.holds() ? 0 : 1;
    }

    private void wrong(List<String> all) {
        all.stream().limit(SHOWN).forEach(each -> out.println("  \u2717 " + each));
        if (all.size() > SHOWN) {
            out.println("  \u2717 and " + (all.size() - SHOWN) + " more");
        }
    }

    private int publish(String result) {
        try {
            publish(JSON.readValue(result, Measured.class));
            return 0;
        } catch (JacksonException | NullPointerException e) {
            throw new Refusal("Standard input holds no result of `segment-probe compose --result FILE`.", e);
        }
    }

    private void publish(Measured measured) {
        var evidence = measured.evidence();
        new EvidencePublisher(options.getOrDefault("--bootstrap", KAFKA)).publish(evidence);
        evidence.forEach(
                each -> out.println("  published: " + each.claim() + " " + (each.holds() ? "holds" : "does not hold")));
    }

    private int probe() throws IOException {
        var declaration = declaration();
        var networks = Networks.of(declaration);
        var from = options.containsKey("--from") ? options.getOrDefault("--from", "") : whoAmI(networks);
        var seen = Vantage.look(Probe.from(declaration, networks, declaration.member(from)));
        seen.forEach(each -> out.println(ComposeCheck.line(each)));
        return 0;
    }

    private static String whoAmI(Networks networks) throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(each -> each.getInterfaceAddresses().stream())
                .map(InterfaceAddress::getAddress)
                .flatMap(address -> networks.whose(address.getHostAddress()).stream())
                .filter(name -> !name.equals(Probe.HOST))
                .findFirst()
                .orElseThrow(() -> new Refusal("This machine has no address of a member; say which with --from."));
    }

    private int render() throws IOException {
        if (!options.containsKey("--dir")) {
            throw new Refusal("segment-probe render wants --dir DIR, the folder with segments.yaml.");
        }
        var folder = Path.of(options.getOrDefault("--dir", ""));
        Rendered.write(folder, LocalDate.now(clock)).forEach(file -> out.println("  " + file));
        return 0;
    }

    private Declaration declaration() throws IOException {
        return DeclarationReader.read("segments.yaml", text("segments.yaml"));
    }

    /// The day that the diagram beside the declaration carries; a diagram of something else is no
    /// documentation of it.
    private Dating drawn() throws IOException {
        var drawn = Dating.in(text("rendered/" + Rendered.DIAGRAM))
                .orElseThrow(() -> new Refusal("The diagram carries no date; write it again with `render`."));
        if (!drawn.equals(Dating.of(declaration(), drawn.changed()))) {
            throw new Refusal("The diagram is not of this declaration; write it again with `render`.");
        }
        return drawn;
    }

    private String text(String file) throws IOException {
        if (options.containsKey("--dir")) {
            var path = Path.of(options.getOrDefault("--dir", ""), file);
            if (!Files.isReadable(path)) {
                throw new Refusal(
                        "There is no file " + path + "; --dir names a folder with segments.yaml and rendered/.");
            }
            return Files.readString(path);
        }
        try (var in = SegmentProbe.class.getResourceAsStream("/segments/" + file)) {
            if (in == null) {
                throw new IllegalStateException("The jar was built without " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
