package dk.elleve.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class NetworkDiagramTest {

    private static final LocalDate MARCH = LocalDate.of(2026, 3, 1);
    private static final LocalDate MAY = LocalDate.of(2026, 5, 1);

    private final Declaration declaration = RenderedTest.declaration();
    private final String diagram = NetworkDiagram.render(declaration, Dating.of(declaration, MARCH));

    @Test
    void every_segment_member_and_endpoint_stands_in_it() throws Exception {
        var texts = texts(parse(diagram));

        assertThat(texts)
                .containsAll(declaration.members().stream()
                        .map(Declaration.Member::name)
                        .toList());
        assertThat(texts)
                .containsAll(declaration.segments().stream()
                        .map(Declaration.Segment::name)
                        .toList());
        assertThat(texts).contains("azure-blob :443", "denied: no address is declared");
    }

    /// A connection is a dot where a client's line meets a server's, a mark, an arrow between
    /// neighbours or one from outside.
    @Test
    void every_connection_is_drawn_once() throws Exception {
        var document = parse(diagram);
        var marks = texts(document).stream()
                .filter(text -> text.contains(" \u2192 "))
                .count();
        var grey = count(document, "path", "head grey");
        // One dot for each client and group of servers: the gateway's one dot opens five servers.
        var dots = count(document, "circle", "dot") - 1; // the legend's
        var fanned = declaration.from(declaration.member("gateway")).stream()
                .filter(flow -> flow.port() == 8080 && !flow.to().equals("keycloak"))
                .count();

        assertThat(marks + grey + dots + fanned - 1)
                .isEqualTo(declaration.flows().size());
    }

    @Test
    void nothing_is_drawn_over_something_else() throws Exception {
        var boxes = boxes(parse(diagram), "member");

        assertThat(boxes).hasSize(declaration.members().size());
        for (var one : boxes) {
            assertThat(boxes.stream().filter(other -> !other.equals(one) && one.touches(other)))
                    .isEmpty();
        }
    }

    @Test
    void it_carries_the_day_of_the_last_change_and_keeps_it_while_the_same_is_declared() {
        assertThat(diagram).contains("Declared 2026-03-01");

        assertThat(Dating.of(declaration, Optional.of(diagram), MAY).changed()).isEqualTo(MARCH);
        var fewer = declaration.with(
                declaration.flows().subList(1, declaration.flows().size()));
        assertThat(Dating.of(fewer, Optional.of(diagram), MAY).changed()).isEqualTo(MAY);
        assertThat(Dating.of(declaration, Optional.empty(), MAY).changed()).isEqualTo(MAY);
        assertThat(Dating.in("<svg/>")).isEmpty();
    }

    @Test
    void another_declaration_is_drawn_as_well() throws Exception {
        var small = DeclarationReaderTest.small();

        var texts = texts(parse(NetworkDiagram.render(small, Dating.of(small, MARCH))));

        assertThat(texts)
                .contains("door", "base", "outside", ":5432", "from base")
                .doesNotContain("denied: no address is declared");
    }

    private record Box(int x, int y, int width, int height) {
        boolean touches(Box other) {
            return x < other.x + other.width
                    && other.x < x + width
                    && y < other.y + other.height
                    && other.y < y + height;
        }
    }

    private static List<Box> boxes(Document document, String style) {
        return elements(document, "rect").stream()
                .filter(each -> each.getAttribute("class").equals(style))
                .map(each ->
                        new Box(number(each, "x"), number(each, "y"), number(each, "width"), number(each, "height")))
                .toList();
    }

    private static int number(Element element, String attribute) {
        return Integer.parseInt(element.getAttribute(attribute));
    }

    private static long count(Document document, String element, String style) {
        return elements(document, element).stream()
                .filter(each -> each.getAttribute("class").startsWith(style))
                .count();
    }

    private static List<String> texts(Document document) {
        return elements(document, "text").stream().map(Element::getTextContent).toList();
    }

    private static List<Element> elements(Document document, String name) {
        var nodes = document.getElementsByTagName(name);
        var all = new ArrayList<Element>();
        for (int i = 0; i < nodes.getLength(); i++) {
            all.add((Element) nodes.item(i));
        }
        return all;
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }
}
