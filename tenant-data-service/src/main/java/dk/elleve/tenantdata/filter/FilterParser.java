package dk.elleve.tenantdata.filter;

import dk.elleve.tenantdata.filter.Filter.And;
import dk.elleve.tenantdata.filter.Filter.Compare;
import dk.elleve.tenantdata.filter.Filter.In;
import dk.elleve.tenantdata.filter.Filter.Literal;
import dk.elleve.tenantdata.filter.Filter.Not;
import dk.elleve.tenantdata.filter.Filter.Operator;
import dk.elleve.tenantdata.filter.Filter.Or;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads a filter.
///
/// ```
/// or         = and { "or" and }
/// and        = not { "and" not }
/// not        = "not" not | "(" or ")" | comparison
/// comparison = field ( "eq" | "ne" | "lt" | "le" | "gt" | "ge" ) literal
///            | field "in" "(" literal { "," literal } ")"
/// literal    = "text" | number | true | false | null
/// ```
/// In a text `\"` stands for a quotation mark and `\\` for a backslash.
public final class FilterParser {

    private static final String PARAMETER = "filter";
    private static final int LONGEST = 4_000;
    private static final int MOST_COMPARISONS = 50;
    private static final int MOST_VALUES = 100;
    private static final int DEEPEST = 20;

    private enum Kind {
        WORD,
        TEXT,
        NUMBER,
        OPEN,
        CLOSE,
        COMMA,
        END
    }

    private record Token(Kind kind, String text, int at) {}

    private final String source;
    private int next;
    private Token token;
    private int comparisons;

    private FilterParser(String source) {
        this.source = source;
        this.token = scan();
    }

    /// @throws dk.elleve.kit.problem.Problem `invalid-filter` with the position of what is wrong
    public static Filter parse(String source) {
        if (source.length() > LONGEST) {
            throw FilterProblem.INVALID_FILTER.in(PARAMETER, "it may have at most " + LONGEST + " characters");
        }
        var parser = new FilterParser(source);
        var filter = parser.or(0);
        if (parser.token.kind() != Kind.END) {
            throw parser.wrong("expected `and`, `or` or the end");
        }
        return filter;
    }

    private Filter or(int depth) {
        if (depth > DEEPEST) {
            throw wrong("more than " + DEEPEST + " levels deep");
        }
        var parts = new ArrayList<Filter>(List.of(and(depth)));
        while (takeWord("or")) {
            parts.add(and(depth));
        }
        return parts.size() == 1 ? parts.getFirst() : new Or(parts);
    }

    private Filter and(int depth) {
        var parts = new ArrayList<Filter>(List.of(not(depth)));
        while (takeWord("and")) {
            parts.add(not(depth));
        }
        return parts.size() == 1 ? parts.getFirst() : new And(parts);
    }

    private Filter not(int depth) {
        if (depth > DEEPEST) {
            throw wrong("more than " + DEEPEST + " levels deep");
        }
        if (takeWord("not")) {
            return new Not(not(depth + 1));
        }
        if (token.kind() == Kind.OPEN) {
            advance();
            var inner = or(depth + 1);
            expect(Kind.CLOSE, "expected `)`");
            return inner;
        }
        return comparison();
    }

    private Filter comparison() {
        if (token.kind() != Kind.WORD) {
            throw wrong("expected the name of a field");
        }
        if (++comparisons > MOST_COMPARISONS) {
            throw wrong("more than " + MOST_COMPARISONS + " comparisons");
        }
        var field = token;
        advance();
        if (takeWord("in")) {
            expect(Kind.OPEN, "expected `(` and a list of values");
            var values = new ArrayList<Literal>();
            values.add(literal());
            while (token.kind() == Kind.COMMA) {
                advance();
                if (values.size() == MOST_VALUES) {
                    throw wrong("more than " + MOST_VALUES + " values");
                }
                values.add(literal());
            }
            expect(Kind.CLOSE, "expected `,` or `)`");
            return new In(field.text(), values, field.at());
        }
        var operator = operator();
        if (operator == null) {
            throw wrong("expected one of eq, ne, lt, le, gt, ge, in");
        }
        advance();
        return new Compare(field.text(), operator, literal(), field.at());
    }

    private @Nullable Operator operator() {
        if (token.kind() != Kind.WORD) {
            return null;
        }
        return switch (token.text()) {
            case "eq", "ne", "lt", "le", "gt", "ge" ->
                Operator.valueOf(token.text().toUpperCase(Locale.ROOT));
            default -> null;
        };
    }

    private Literal literal() {
        var read = token;
        Literal literal = switch (read.kind()) {
            case TEXT -> new Literal.Text(read.text());
            case NUMBER -> new Literal.Number(new BigDecimal(read.text()));
            case WORD ->
                switch (read.text()) {
                    case "true" -> new Literal.Bool(true);
                    case "false" -> new Literal.Bool(false);
                    case "null" -> new Literal.Nothing();
                    default ->
                        throw wrong("expected a value: a \"text\" in quotation marks, a number, true, false or null");
                };
            case OPEN, CLOSE, COMMA, END -> throw wrong("expected a value");
        };
        advance();
        return literal;
    }

    private boolean takeWord(String word) {
        if (token.kind() == Kind.WORD && token.text().equals(word)) {
            advance();
            return true;
        }
        return false;
    }

    private void expect(Kind kind, String otherwise) {
        if (token.kind() != kind) {
            throw wrong(otherwise);
        }
        advance();
    }

    private void advance() {
        token = scan();
    }

    private RuntimeException wrong(String detail) {
        return FilterProblem.INVALID_FILTER.at(PARAMETER, token.at(), detail);
    }

    private Token scan() {
        while (next < source.length() && Character.isWhitespace(source.charAt(next))) {
            next++;
        }
        int at = next + 1;
        if (next == source.length()) {
            return new Token(Kind.END, "", at);
        }
        char c = source.charAt(next);
        switch (c) {
            case '(' -> {
                next++;
                return new Token(Kind.OPEN, "(", at);
            }
            case ')' -> {
                next++;
                return new Token(Kind.CLOSE, ")", at);
            }
            case ',' -> {
                next++;
                return new Token(Kind.COMMA, ",", at);
            }
            case '"' -> {
                return text(at);
            }
            default -> {
                if (c == '-' || (c >= '0' && c <= '9')) {
                    return number(at);
                }
                int start = next;
                while (next < source.length() && isWordPart(source.codePointAt(next))) {
                    next += Character.charCount(source.codePointAt(next));
                }
                if (start == next) {
                    throw FilterProblem.INVALID_FILTER.at(PARAMETER, at, "this character has no meaning here");
                }
                return new Token(Kind.WORD, source.substring(start, next), at);
            }
        }
    }

    private static boolean isWordPart(int c) {
        return Character.isLetterOrDigit(c)
                || Character.getType(c) == Character.LETTER_NUMBER
                || Character.getType(c) == Character.OTHER_NUMBER
                || c == '_'
                || c == '-';
    }

    private Token text(int at) {
        var text = new StringBuilder();
        next++;
        while (next < source.length()) {
            char c = source.charAt(next++);
            if (c == '"') {
                return new Token(Kind.TEXT, text.toString(), at);
            }
            if (c == '\\') {
                if (next == source.length() || (source.charAt(next) != '"' && source.charAt(next) != '\\')) {
                    throw FilterProblem.INVALID_FILTER.at(PARAMETER, next, "after `\\` only `\"` or `\\` can stand");
                }
                c = source.charAt(next++);
            }
            if (c == 0 || (Character.isSurrogate(c) && !isPaired(next - 1))) {
                throw FilterProblem.INVALID_FILTER.at(PARAMETER, next, "this character cannot stand in a text");
            }
            text.append(c);
        }
        throw FilterProblem.INVALID_FILTER.at(PARAMETER, at, "the text is not closed by a quotation mark");
    }

    private boolean isPaired(int index) {
        char c = source.charAt(index);
        return Character.isHighSurrogate(c)
                ? index + 1 < source.length() && Character.isLowSurrogate(source.charAt(index + 1))
                : index > 0 && Character.isHighSurrogate(source.charAt(index - 1));
    }

    private Token number(int at) {
        int start = next;
        next++;
        while (next < source.length() && "0123456789.eE+-".indexOf(source.charAt(next)) >= 0) {
            next++;
        }
        var number = source.substring(start, next);
        if (!number.matches("-?\\d{1,40}(\\.\\d{1,40})?([eE][+-]?\\d{1,2})?")) {
            throw FilterProblem.INVALID_FILTER.at(PARAMETER, at, "this is not a number");
        }
        return new Token(Kind.NUMBER, number, at);
    }
}
