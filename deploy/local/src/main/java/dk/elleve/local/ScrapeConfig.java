package dk.elleve.local;

import dk.elleve.kit.test.part.Place;
import dk.elleve.kit.test.part.Service;
import dk.elleve.local.PortPlan.Use;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Prometheus' configuration for this installation: that of the containers, with this machine's ports in place of the
/// members' names. Whoever has a Prometheus starts it with `--config.file`; `up` starts none.
final class ScrapeConfig {

    private static final Pattern TARGET = Pattern.compile("\"([a-z-]+):(\\d+)\"");

    /// A part of the file that begins at the margin, or a job of the list.
    private static final Pattern PIECE = Pattern.compile("(?m)^(?=\\S)|^(?=  - job_name)");

    private final Installation installation;

    ScrapeConfig(Installation installation) {
        this.installation = installation;
    }

    Path file() {
        return installation.place().settings().resolve("prometheus/prometheus.yml");
    }

    void write() {
        try {
            Place.writePrivate(file(), local(Files.readString(source("prometheus.yml")), targets(), source("rules")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path source(String name) {
        return installation.project().resolve("deploy/prometheus").resolve(name);
    }

    private Map<String, String> targets() {
        var targets = new LinkedHashMap<String, String>();
        for (var service : Service.values()) {
            targets.put(service.label(), installation.listens(service).toString());
        }
        targets.put("keycloak", "127.0.0.1:" + installation.ports().of(Use.KEYCLOAK_MANAGEMENT));
        return targets;
    }

    /// Pieces whose targets are not here, such as an Alertmanager's, are left out.
    static String local(String containers, Map<String, String> targets, Path rules) {
        var kept = new ArrayList<String>();
        for (var piece : PIECE.split(containers)) {
            var members =
                    TARGET.matcher(piece).results().map(found -> found.group(1)).toList();
            if (targets.keySet().containsAll(members)) {
                kept.add(TARGET.matcher(piece).replaceAll(found -> '"' + at(found, targets) + '"'));
            }
        }
        return String.join("", kept).replace("rules/*.yml", rules + "/*.yml");
    }

    private static String at(MatchResult found, Map<String, String> targets) {
        return targets.getOrDefault(found.group(1), found.group());
    }
}
