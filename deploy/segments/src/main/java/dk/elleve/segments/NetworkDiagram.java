package dk.elleve.segments;

import dk.elleve.segments.Declaration.Flow;
import dk.elleve.segments.Declaration.Member;
import dk.elleve.segments.Declaration.Segment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The picture of a declaration: segments as boxes in columns, and between two columns a channel in
/// which each server has an upright rail of its own colour. A client's line crosses the channel; a
/// dot where it meets a rail says that the connection is declared. So ten clients of one server
/// need one arrow, and no line turns more than it must.
final class NetworkDiagram {

    private static final int BOX = 224;
    private static final int MEMBER = 46;
    private static final int MEMBER_GAP = 22;
    private static final int PAD = 12;
    private static final int SEGMENT_TITLE = 26;
    private static final int SEGMENT_GAP = 20;
    private static final int MARGIN = 28;
    private static final int ENDPOINTS_IN_A_ROW = 5;
    private static final int ENDPOINT_HEIGHT = 86;
    private static final int HEAD = 92;
    private static final int RAIL = 17;
    private static final int CHANNEL_EDGE = 40;
    private static final int LANE = 13;
    private static final int COLOURS = 8;

    /// One client's same port on so many servers, in so many columns, is a mark on each of them
    /// instead of a line.
    private static final int MANY = 6;

    private static final int COLUMNS_APART = 3;

    /// Room for a port beside an arrow.
    private static final int PORT = 26;

    /// Room for the arrows from outside.
    private static final int DOORSTEP = 66;

    private final Declaration declaration;
    private final Dating dating;
    private final StringBuilder out = new StringBuilder();
    private final Map<String, Box> boxes = new LinkedHashMap<>();
    private final Set<Flow> marks = new LinkedHashSet<>();
    private final Set<Flow> doors = new LinkedHashSet<>();
    private final Set<Flow> neighbours = new LinkedHashSet<>();
    private final List<Rail> rails = new ArrayList<>();
    private final Map<String, Integer> lanes = new LinkedHashMap<>();
    private final Map<String, Integer> risers = new LinkedHashMap<>();
    private final Map<String, Integer> colours = new LinkedHashMap<>();

    private NetworkDiagram(Declaration declaration, Dating dating) {
        this.declaration = declaration;
        this.dating = dating;
    }

    /// @param dating when the declaration was last changed
    static String render(Declaration declaration, Dating dating) {
        return new NetworkDiagram(declaration, dating).render();
    }

    /// Where a member stands.
    private record Box(String name, int column, int left, int top, int bottom) {

        int right() {
            return left + BOX;
        }

        int middle() {
            return (top + bottom) / 2;
        }
    }

    /// The upright line that the clients of some servers share.
    ///
    /// @param channel the number of the column left of it
    /// @param rightwards whether its servers stand right of it
    private record Rail(
            int channel, boolean rightwards, int port, Set<String> clients, List<String> servers, int x, int colour) {

        Rail at(int place, int paint) {
            return new Rail(channel, rightwards, port, clients, servers, place, paint);
        }
    }

    private String render() {
        sortFlows();
        placeColumns();
        var drawn = new StringBuilder();
        lines(drawn);
        var width = boxes.values().stream().mapToInt(Box::right).max().orElse(600) + PAD + MARGIN;
        var bottom = bottom() + PAD + MARGIN;
        int rows = Math.ceilDiv(declaration.endpoints().size(), ENDPOINTS_IN_A_ROW);
        var height = bottom + (rows == 0 ? 0 : 30 + rows * ENDPOINT_HEIGHT);
        out.append("""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" \
            aria-labelledby="title">
            <title id="title">%s: which members may talk to which, as declared on %s</title>
            <!-- Written from ../segments.yaml; change that file and run %s -->
            %s
            <style>
            """.formatted(
                width, height, width, height, declaration.name(), dating.changed(), Rendered.COMMAND, dating.stamp()));
        out.append(STYLE).append("</style>\n");
        out.append("<rect class=\"page\" width=\"%d\" height=\"%d\" rx=\"14\"/>\n".formatted(width, height));
        text(MARGIN, 42, "h", "Who may talk to whom");
        text(
                MARGIN,
                66,
                "m",
                "Declared " + dating.changed() + " \u00b7 "
                        + declaration.flows().size()
                        + " connections between " + declaration.members().size()
                        + " members; everything else is dropped");
        legend(width);
        segments();
        out.append(drawn);
        members();
        endpoints(bottom, width);
        return out.append("</svg>\n").toString();
    }

    private void legend(int width) {
        var x = width - MARGIN - 330;
        out.append("<path class=\"client\" d=\"M%d 38h64\"/><path class=\"rail c0\" d=\"M%d 26v24\"/>"
                .formatted(x, x + 22));
        out.append("<path class=\"rail c2\" d=\"M%d 26v24\"/><circle class=\"dot c0\" cx=\"%d\" cy=\"38\" r=\"4\"/>\n"
                .formatted(x + 44, x + 22));
        text(x + 76, 36, "m", "a dot joins a client to a server\u2019s line;");
        text(x + 76, 52, "m", "lines that only cross do not meet");
    }

    /// Marks, arrows between neighbours in one box, and lines.
    private void sortFlows() {
        for (var member : declaration.members()) {
            var byPort = new TreeMap<Integer, List<Flow>>();
            declaration
                    .from(member)
                    .forEach(flow -> byPort.computeIfAbsent(flow.port(), p -> new ArrayList<>())
                            .add(flow));
            byPort.values().stream()
                    .filter(flows -> flows.size() >= MANY)
                    .filter(flows -> flows.stream()
                                    .map(flow -> segment(flow.to()).column())
                                    .distinct()
                                    .count()
                            >= COLUMNS_APART)
                    .forEach(marks::addAll);
        }
        for (var flow : declaration.flows()) {
            if (flow.fromOutside() && segment(flow.to()).column() == firstColumn()) {
                doors.add(flow);
            } else if (flow.fromOutside()) {
                marks.add(flow);
            } else if (!marks.contains(flow) && stackedTogether(flow)) {
                neighbours.add(flow);
            }
        }
    }

    private int firstColumn() {
        return declaration.segments().stream().mapToInt(Segment::column).min().orElse(1);
    }

    private boolean stackedTogether(Flow flow) {
        var segment = segment(flow.from());
        var stack = declaration.of(segment).stream().map(Member::name).toList();
        return segment.equals(segment(flow.to()))
                && Math.abs(stack.indexOf(flow.from()) - stack.indexOf(flow.to())) == 1;
    }

    private Segment segment(String member) {
        var name = declaration.member(member).segment();
        return declaration.segments().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private List<Flow> drawn() {
        return declaration.flows().stream()
                .filter(flow -> !marks.contains(flow) && !doors.contains(flow) && !neighbours.contains(flow))
                .toList();
    }

    /// The channel in which a flow reaches its server: left of it, or right of it for clients that
    /// stand there.
    private int channel(Flow flow) {
        var server = segment(flow.to()).column();
        return segment(flow.from()).column() < server ? server - 1 : server;
    }

    /// Whether the client's line must pass over other columns to get to the channel.
    private boolean passesOver(Flow flow) {
        var client = segment(flow.from()).column();
        var channel = channel(flow);
        return client != channel && client != channel + 1;
    }

    /// The channel into which a client's line leaves its box.
    private int exit(Flow flow) {
        var client = segment(flow.from()).column();
        return channel(flow) >= client ? client : client - 1;
    }

    private void placeColumns() {
        var columns = new TreeMap<Integer, List<Segment>>();
        declaration.segments().stream()
                .sorted(Comparator.comparingInt(Segment::column))
                .forEach(each -> columns.computeIfAbsent(each.column(), c -> new ArrayList<>())
                        .add(each));
        var groups = groups();
        for (var flow : drawn()) {
            if (passesOver(flow)) {
                lanes.putIfAbsent(flow.from() + ">" + channel(flow), lanes.size());
            }
        }
        var tallest = columns.values().stream().mapToInt(this::height).max().orElse(0);
        var top = HEAD + lanes.size() * LANE + 10;
        var left = MARGIN + PAD + (doors.isEmpty() ? 0 : DOORSTEP);
        for (var column : columns.entrySet()) {
            var y = top + (tallest - height(column.getValue())) / 2;
            for (var segment : column.getValue()) {
                var at = y + SEGMENT_TITLE;
                for (var member : declaration.of(segment)) {
                    boxes.put(member.name(), new Box(member.name(), column.getKey(), left, at, at + MEMBER));
                    at += MEMBER + MEMBER_GAP;
                }
                y += height(segment) + SEGMENT_GAP;
            }
            left += BOX + channel(column.getKey(), left + BOX, groups);
        }
    }

    /// Servers with the same clients and the same port share a rail.
    private Map<Integer, List<Rail>> groups() {
        var bySide = new LinkedHashMap<List<Object>, Set<String>>();
        for (var flow : drawn()) {
            var rightwards = segment(flow.from()).column() < segment(flow.to()).column();
            bySide.computeIfAbsent(
                            List.of(channel(flow), rightwards, flow.to(), flow.port()), k -> new LinkedHashSet<>())
                    .add(flow.from());
        }
        var merged = new LinkedHashMap<List<Object>, List<String>>();
        bySide.forEach((key, clients) -> merged.computeIfAbsent(
                        List.of(key.get(0), key.get(1), key.get(3), clients), k -> new ArrayList<>())
                .add((String) key.get(2)));
        var all = new TreeMap<Integer, List<Rail>>();
        merged.forEach((key, servers) -> {
            @SuppressWarnings("unchecked")
            var clients = (Set<String>) key.get(3);
            all.computeIfAbsent((int) key.get(0), c -> new ArrayList<>())
                    .add(new Rail((int) key.get(0), (boolean) key.get(1), (int) key.get(2), clients, servers, 0, 0));
        });
        return all;
    }

    /// Gives the rails and risers of a channel their places and says how wide it is.
    private int channel(int column, int from, Map<Integer, List<Rail>> groups) {
        var here = groups.getOrDefault(column, List.of());
        var risersHere = drawn().stream()
                .filter(this::passesOver)
                .filter(flow -> exit(flow) == column)
                .map(flow -> flow.from() + ">" + channel(flow))
                .distinct()
                .toList();
        var x = from + CHANNEL_EDGE + (here.stream().allMatch(Rail::rightwards) ? 0 : PORT);
        for (var riser : risersHere) {
            risers.put(riser, x);
            x += RAIL;
        }
        // Rails to the right: the topmost server's rail is the last, so that its arrow crosses none. To the left:
        // first.
        var order = Comparator.comparingInt(
                (Rail rail) -> declarationPlace(rail.servers().getFirst()));
        var sorted = new ArrayList<Rail>();
        here.stream().filter(rail -> !rail.rightwards()).sorted(order).forEach(sorted::add);
        here.stream().filter(Rail::rightwards).sorted(order.reversed()).forEach(sorted::add);
        for (var rail : sorted) {
            // One colour for each server, wherever its rails are.
            var colour = colours.computeIfAbsent(rail.servers().getFirst(), server -> colours.size() % COLOURS);
            rails.add(rail.at(x, colour));
            x += RAIL;
        }
        var rightwards = here.stream().anyMatch(Rail::rightwards) ? PORT : 0;
        return Math.max(x - RAIL + CHANNEL_EDGE + rightwards - from, 2 * CHANNEL_EDGE);
    }

    private int declarationPlace(String member) {
        return declaration.members().indexOf(declaration.member(member));
    }

    private int height(List<Segment> column) {
        return column.stream().mapToInt(this::height).sum() + SEGMENT_GAP * (column.size() - 1);
    }

    private int height(Segment segment) {
        var members = declaration.of(segment).size();
        return SEGMENT_TITLE + members * MEMBER + (members - 1) * MEMBER_GAP + PAD;
    }

    private int bottom() {
        return boxes.values().stream().mapToInt(Box::bottom).max().orElse(HEAD);
    }

    private Box box(String member) {
        var box = boxes.get(member);
        if (box == null) {
            throw new Refusal(member + " has no place in the diagram.");
        }
        return box;
    }

    private void segments() {
        for (var segment : declaration.segments()) {
            var inside = declaration.of(segment);
            if (inside.isEmpty()) {
                continue;
            }
            var first = box(inside.getFirst().name());
            var top = first.top() - SEGMENT_TITLE;
            out.append(
                    "<rect class=\"segment\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"10\"><title>%s</title></rect>\n"
                            .formatted(
                                    first.left() - PAD,
                                    top,
                                    BOX + 2 * PAD,
                                    height(segment),
                                    escaped(segment.purpose())));
            text(first.left(), top + 17, "s", segment.name());
        }
    }

    private void members() {
        for (var box : boxes.values()) {
            out.append("<rect class=\"member\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"7\"/>\n"
                    .formatted(box.left(), box.top(), BOX, MEMBER));
            var own =
                    marks.stream().filter(flow -> flow.to().equals(box.name())).toList();
            text(box.left() + 12, own.isEmpty() ? box.middle() + 5 : box.top() + 19, "n", box.name());
            int x = box.left() + 10;
            for (var mark : own) {
                var words = mark.from() + " \u2192 " + mark.port();
                int wide = 12 + Math.round(words.length() * 5.8f);
                out.append("<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"15\" rx=\"7.5\"/>"
                        .formatted(mark.fromOutside() ? "out" : "mark", x, box.bottom() - 20, wide));
                text(x + 6, box.bottom() - 9, "p", words);
                x += wide + 5;
            }
        }
        for (var flow : doors) {
            var box = box(flow.to());
            out.append("<path class=\"client\" d=\"M%d %dH%d\"/>".formatted(MARGIN, box.middle(), box.left() - 11));
            out.append("<path class=\"head grey\" d=\"M%d %dl-9 -4.5v9z\"/>\n".formatted(box.left() - 2, box.middle()));
            text(MARGIN, box.middle() + 16, "m", flow.from());
            text(MARGIN + 12, box.middle() - 6, "t", ":" + flow.port());
        }
        for (var flow : neighbours) {
            var from = box(flow.from());
            var to = box(flow.to());
            var down = from.top() < to.top();
            int x = from.left() + BOX / 2;
            int start = down ? from.bottom() : from.top();
            int end = down ? to.top() - 2 : to.bottom() + 2;
            out.append("<path class=\"client\" d=\"M%d %dV%d\"/>".formatted(x, start, end + (down ? -6 : 6)));
            out.append("<path class=\"head grey\" d=\"M%d %dl-4.5 %dh9z\"/>\n".formatted(x, end, down ? -9 : 9));
            text(x + 9, (start + end) / 2 + 4, "t", ":" + flow.port());
        }
    }

    private void lines(StringBuilder into) {
        var clientLines = new LinkedHashMap<List<Object>, List<Rail>>();
        for (var rail : rails) {
            for (var client : rail.clients()) {
                clientLines
                        .computeIfAbsent(List.of(client, rail.channel()), k -> new ArrayList<>())
                        .add(rail);
            }
        }
        var meets = new LinkedHashMap<Rail, List<Integer>>();
        clientLines.forEach((key, met) -> clientLine(into, (String) key.get(0), (int) key.get(1), met, meets));
        // Upright lines first: an arrow then passes over those it does not belong to.
        rails.forEach(rail -> upright(into, rail, meets.getOrDefault(rail, List.of())));
        rails.forEach(rail -> arrows(into, rail));
        meets.forEach((rail, heights) -> heights.forEach(y -> into.append(
                "<circle class=\"dot c%d\" cx=\"%d\" cy=\"%d\" r=\"4\"/>\n".formatted(rail.colour(), rail.x(), y))));
    }

    private void clientLine(
            StringBuilder into, String client, int channel, List<Rail> met, Map<Rail, List<Integer>> meets) {
        var box = box(client);
        var riser = risers.get(client + ">" + channel);
        var first = met.stream().mapToInt(Rail::x).min().orElseThrow();
        var last = met.stream().mapToInt(Rail::x).max().orElseThrow();
        int y = exitHeight(box, riser != null);
        String path;
        if (riser == null) {
            var rightwards = box.column() == channel;
            path = "M%d %dH%d".formatted(rightwards ? box.right() : box.left(), y, rightwards ? last : first);
        } else {
            var rightwards = riser > box.left();
            int lane = HEAD + lanes.getOrDefault(client + ">" + channel, 0) * LANE;
            int turn = rightwards ? 8 : -8;
            int end = rightwards ? last : first;
            path = "M%d %dH%dq%d 0 %d -8V%dq0 -8 %d -8H%d"
                    .formatted(rightwards ? box.right() : box.left(), y, riser - turn, turn, turn, lane + 8, turn, end);
            y = lane;
        }
        into.append("<path class=\"client\" d=\"%s\"/>\n".formatted(path));
        for (var rail : met) {
            meets.computeIfAbsent(rail, r -> new ArrayList<>()).add(y);
        }
    }

    /// A line that leaves, one that leaves over other columns and an arrow that arrives do not
    /// touch.
    private static int exitHeight(Box box, boolean over) {
        return over ? box.middle() - 10 : box.middle() + 10;
    }

    private void upright(StringBuilder into, Rail rail, List<Integer> meets) {
        var heights = new ArrayList<>(meets);
        rail.servers().forEach(server -> heights.add(arrival(box(server), rail)));
        var path = "M%d %dV%d".formatted(rail.x(), Collections.min(heights), Collections.max(heights));
        into.append("<path class=\"halo\" d=\"%s\"/><path class=\"rail c%d\" d=\"%s\"/>\n"
                .formatted(path, rail.colour(), path));
    }

    private void arrows(StringBuilder into, Rail rail) {
        int way = rail.rightwards() ? 1 : -1;
        for (var server : rail.servers()) {
            var box = box(server);
            int y = arrival(box, rail);
            int edge = rail.rightwards() ? box.left() : box.right();
            int tip = edge - 2 * way;
            into.append("<path class=\"halo\" d=\"M%d %dH%d\"/><path class=\"rail c%d\" d=\"M%d %dH%d\"/>"
                    .formatted(
                            rail.x() + 6 * way, y, edge - (PAD + 2) * way, rail.colour(), rail.x(), y, tip - 9 * way));
            into.append(
                    "<path class=\"head c%d\" d=\"M%d %dl%d -4.5v9z\"/>\n".formatted(rail.colour(), tip, y, -9 * way));
            into.append("<text class=\"t\" x=\"%d\" y=\"%d\" text-anchor=\"%s\">:%d</text>\n"
                    .formatted(edge - (PAD + 2) * way, y - 5, rail.rightwards() ? "end" : "start", rail.port()));
        }
    }

    private int arrival(Box server, Rail rail) {
        var sameSide = rails.stream()
                .filter(other -> other.servers().contains(server.name())
                        && other.rightwards() == rail.rightwards()
                        && other.channel() == rail.channel())
                .toList();
        return server.middle() - 10 + 12 * sameSide.indexOf(rail);
    }

    private void endpoints(int top, int width) {
        if (declaration.endpoints().isEmpty()) {
            return;
        }
        text(MARGIN, top + 14, "s", "outside the house");
        int columns = Math.min(declaration.endpoints().size(), ENDPOINTS_IN_A_ROW);
        int wide = (width - 2 * MARGIN - (columns - 1) * 16) / columns;
        int x = MARGIN;
        int y = top;
        for (var endpoint : declaration.endpoints()) {
            var clients = declaration.egress().stream()
                    .filter(each -> each.to().equals(endpoint))
                    .map(Declaration.Egress::from)
                    .toList();
            out.append("<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"70\" rx=\"8\"/>\n"
                    .formatted(endpoint.open() ? "member" : "closed", x, y + 24, wide));
            text(x + 12, y + 46, "n", endpoint.name() + " :" + endpoint.port());
            text(x + 12, y + 65, "m", "from " + String.join(", ", clients));
            if (!endpoint.open()) {
                text(x + 12, y + 82, "m", "denied: no address is declared");
            }
            x += wide + 16;
            if (x + wide > width) {
                x = MARGIN;
                y += ENDPOINT_HEIGHT;
            }
        }
    }

    private void text(int x, int y, String style, String words) {
        out.append("<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>\n".formatted(style, x, y, escaped(words)));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static final String STYLE = """
        svg { color-scheme: light dark; --page: #ffffff; --segment: #f4f6f9; --edge: #d7dce4; --member: #ffffff;
          --frame: #aeb7c4; --ink: #1a1f27; --dim: #5a6473; --line: #8a94a3; --mark: #e6ebf3; --out: #fde9cf;
          --c0: #2f6fde; --c1: #0f8f63; --c2: #c96f10; --c3: #8250d4; --c4: #c8385a; --c5: #0b8797; --c6: #7c6323;
          --c7: #b63a8f; font-family: ui-sans-serif, system-ui, "Segoe UI", "DejaVu Sans", sans-serif }
        @media (prefers-color-scheme: dark) {
          svg { --page: #10151b; --segment: #182029; --edge: #2b3642; --member: #212b36; --frame: #4a5868;
            --ink: #e8edf3; --dim: #9eabba; --line: #76859a; --mark: #2f3c4a; --out: #55401f; --c0: #74a6ff;
            --c1: #4ccb9a; --c2: #f2a34f; --c3: #b794f6; --c4: #f57f98; --c5: #4fc6d6; --c6: #cfb465;
            --c7: #ec86ca }
        }
        .page { fill: var(--page) } .segment { fill: var(--segment); stroke: var(--edge) }
        .member { fill: var(--member); stroke: var(--frame) }
        .closed { fill: none; stroke: var(--frame); stroke-dasharray: 5 4 }
        .mark { fill: var(--mark) } .out { fill: var(--out) }
        path { fill: none; stroke-linejoin: round } .halo { stroke: var(--page); stroke-width: 6 }
        .client { stroke: var(--line); stroke-width: 1.5 } .rail { stroke-width: 2.2; stroke-linecap: round }
        .head { stroke: none } .grey { fill: var(--line) }
        .rail.c0 { stroke: var(--c0) } .rail.c1 { stroke: var(--c1) } .rail.c2 { stroke: var(--c2) }
        .rail.c3 { stroke: var(--c3) } .rail.c4 { stroke: var(--c4) } .rail.c5 { stroke: var(--c5) }
        .rail.c6 { stroke: var(--c6) } .rail.c7 { stroke: var(--c7) }
        .head.c0, .dot.c0 { fill: var(--c0) } .head.c1, .dot.c1 { fill: var(--c1) }
        .head.c2, .dot.c2 { fill: var(--c2) } .head.c3, .dot.c3 { fill: var(--c3) }
        .head.c4, .dot.c4 { fill: var(--c4) } .head.c5, .dot.c5 { fill: var(--c5) }
        .head.c6, .dot.c6 { fill: var(--c6) } .head.c7, .dot.c7 { fill: var(--c7) }
        text { fill: var(--ink) } .h { font-size: 22px; font-weight: 650 } .n { font-size: 14px; font-weight: 600 }
        .m { font-size: 12px; fill: var(--dim) } .p { font-size: 10px }
        .s { font-size: 11px; font-weight: 650; letter-spacing: .07em; text-transform: uppercase; fill: var(--dim) }
        .t { font-size: 11px; fill: var(--dim); font-variant-numeric: tabular-nums; paint-order: stroke;
          stroke: var(--page); stroke-width: 4px; stroke-linejoin: round }
        """;
}
