package dk.elleve.segments;

import dk.elleve.segments.Declaration.Member;
import dk.elleve.segments.Probe.Observation;
import java.util.List;
import java.util.Set;

/// What was seen beside what is declared.
///
/// @param members who was there to be asked
record Matrix(Declaration declaration, Set<String> members, List<Observation> seen) {

    Matrix {
        members = Set.copyOf(members);
        seen = List.copyOf(seen);
    }

    List<String> differences() {
        return seen.stream()
                .filter(Observation::wrong)
                .map(Observation::text)
                .distinct()
                .toList();
    }

    int open() {
        return (int) seen.stream()
                .filter(each -> each.outcome() == Prober.Outcome.OPEN)
                .count();
    }

    /// A picture in letters: who (rows) reached whom (columns).
    String text() {
        var servers = declaration.members().stream().filter(Member::serves).toList();
        var out = new StringBuilder();
        var wide = declaration.members().stream()
                .mapToInt(member -> member.name().length())
                .max()
                .orElse(0);
        out.append("  ").append(" ".repeat(wide));
        for (int i = 0; i < servers.size(); i++) {
            out.append(' ').append((char) ('a' + i));
        }
        out.append('\n');
        for (var client : declaration.members()) {
            out.append("  ")
                    .append(client.name())
                    .append(" ".repeat(wide - client.name().length()));
            for (var server : servers) {
                out.append(' ').append(cell(client, server));
            }
            out.append('\n');
        }
        out.append('\n');
        for (int i = 0; i < servers.size(); i++) {
            out.append(i % 5 == 0 ? "  " : "   ").append((char) ('a' + i)).append(' ');
            var name = servers.get(i).name();
            out.append(name)
                    .append(i % 5 == 4 || i == servers.size() - 1 ? "\n" : " ".repeat(Math.max(0, 14 - name.length())));
        }
        return out.append("\n"
                        + "  \u25cf connects as declared   \u00b7 closed as declared   \u2717 not as declared   -"
                        + " not running\n")
                .toString();
    }

    private char cell(Member client, Member server) {
        if (client.equals(server)) {
            return ' ';
        }
        if (!members.contains(client.name()) || !members.contains(server.name())) {
            return '-';
        }
        var cell = seen.stream()
                .filter(each -> each.probe().from().equals(client.name())
                        && each.probe().to().equals(server.name()))
                .toList();
        if (cell.stream().anyMatch(Observation::wrong)) {
            return '\u2717';
        }
        return cell.stream().anyMatch(each -> each.outcome() == Prober.Outcome.OPEN) ? '\u25cf' : '\u00b7';
    }
}
