package dk.elleve.segments;

import java.util.LinkedHashMap;
import java.util.Map;

/// What is written from the declaration: file names and contents.
final class Rendered {

    /// Writes them again after a wanted change.
    static final String COMMAND = "./mvnw -q -pl deploy/segments test -Dsegments.write=true";

    private Rendered() {}

    static Map<String, String> files(Declaration declaration) {
        var files = new LinkedHashMap<String, String>();
        files.put("compose.yaml", ComposeFile.render(declaration));
        files.put("firewall.nft", FirewallRules.render(declaration));
        return files;
    }

    static String notice(String comment) {
        return comment + " Written from ../segments.yaml; change that file and run\n" + comment + " " + COMMAND
                + "\n\n";
    }
}
