package dk.elleve.segments;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// The declaration as a table for readers.
final class PortTable {

    private PortTable() {}

    static String render(Declaration declaration) {
        var out = new StringBuilder("<!-- Written from ../segments.yaml; change that file and run " + Rendered.COMMAND
                + " -->\n# Ports\n\nEvery connection that may be opened, all TCP. Everything else is dropped.\n\n");
        out.append("| From | To | Port | What | Why |\n|---|---|---|---|---|\n");
        var clients = new LinkedHashMap<List<String>, List<String>>();
        for (var flow : declaration.flows()) {
            var what = declaration.member(flow.to()).ports().getOrDefault(flow.port(), "");
            clients.computeIfAbsent(
                            List.of(flow.to(), Integer.toString(flow.port()), what, flow.reason()),
                            k -> new ArrayList<>())
                    .add(flow.from());
        }
        clients.forEach((row, from) -> out.append("| ")
                .append(String.join(", ", from))
                .append(" | ")
                .append(String.join(" | ", row))
                .append(" |\n"));
        out.append("\n`outside` is whoever reaches the host; these ports are published.\n");
        if (!declaration.egress().isEmpty()) {
            out.append("\n"
                    + "## Out of the house\n\n"
                    + "| From | To | Host | Port | Addresses | Why |\n"
                    + "|---|---|---|---|---|---|\n");
            for (var each : declaration.egress()) {
                out.append("| ")
                        .append(String.join(
                                " | ",
                                each.from(),
                                each.to().name(),
                                "`" + each.to().host() + "`",
                                Integer.toString(each.to().port()),
                                each.to().open() ? String.join(", ", each.to().addresses()) : "none: denied",
                                each.reason()))
                        .append(" |\n");
            }
        }
        return out.toString();
    }
}
