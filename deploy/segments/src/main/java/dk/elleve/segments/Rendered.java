package dk.elleve.segments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is written from the declaration: file names and contents.
final class Rendered {

    /// Writes them again after a wanted change.
    static final String COMMAND = "./mvnw -q -pl deploy/segments test -Dsegments.write=true";

    private Rendered() {}

    /// The diagram's file name; it carries the date.
    static final String DIAGRAM = "network.svg";

    static Map<String, String> files(Declaration declaration, Dating dating) {
        var files = new LinkedHashMap<String, String>();
        files.put("compose.yaml", ComposeFile.render(declaration));
        files.put("firewall.nft", FirewallRules.render(declaration));
        files.put("kubernetes.yaml", NetworkPolicies.render(declaration));
        files.put("kustomization.yaml", NetworkPolicies.KUSTOMIZATION);
        files.put(DIAGRAM, NetworkDiagram.render(declaration, dating));
        files.put("PORTS.md", PortTable.render(declaration));
        return files;
    }

    /// Writes all of them into `rendered/`. The diagram keeps its date unless something else is
    /// declared now.
    static List<Path> write(Path folder, LocalDate today) throws IOException {
        var declaration = DeclarationReader.read("segments.yaml", Files.readString(folder.resolve("segments.yaml")));
        var rendered = Files.createDirectories(folder.resolve("rendered"));
        var written = new ArrayList<Path>();
        for (var file : files(declaration, dating(declaration, rendered, today)).entrySet()) {
            written.add(Files.writeString(rendered.resolve(file.getKey()), file.getValue()));
        }
        return written;
    }

    /// @param rendered the folder, which may hold a diagram already
    static Dating dating(Declaration declaration, Path rendered, LocalDate today) throws IOException {
        var diagram = rendered.resolve(DIAGRAM);
        return Dating.of(
                declaration, Files.exists(diagram) ? Optional.of(Files.readString(diagram)) : Optional.empty(), today);
    }

    static String notice(String comment) {
        return comment + " Written from ../segments.yaml; change that file and run\n" + comment + " " + COMMAND
                + "\n\n";
    }
}
