package dk.elleve.tenantdata.record;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Comma-separated values (RFC 4180), also with semicolons, as spreadsheets in Danish write them.
final class Csv {

    private final String text;
    private final char separator;
    private int next;
    private long line = 1;

    Csv(String text) {
        this.text = text;
        var end = text.indexOf('\n');
        var first = end < 0 ? text : text.substring(0, end);
        this.separator = first.indexOf(',') < 0 && first.indexOf(';') >= 0 ? ';' : ',';
    }

    /// Where the next row starts.
    long line() {
        return line;
    }

    /// The cells of the next row, or null at the end.
    @Nullable List<String> next() {
        if (next >= text.length()) {
            return null;
        }
        var cells = new ArrayList<String>();
        while (true) {
            cells.add(next < text.length() && text.charAt(next) == '"' ? quoted() : plain());
            if (next >= text.length()) {
                return cells;
            }
            char c = text.charAt(next++);
            if (c == '\n') {
                line++;
                return cells;
            }
        }
    }

    private String plain() {
        int start = next;
        while (next < text.length() && text.charAt(next) != separator && text.charAt(next) != '\n') {
            next++;
        }
        int end = next > start && text.charAt(next - 1) == '\r' && atLineEnd() ? next - 1 : next;
        return text.substring(start, end);
    }

    private boolean atLineEnd() {
        return next == text.length() || text.charAt(next) == '\n';
    }

    private String quoted() {
        long began = line;
        var cell = new StringBuilder();
        next++;
        while (true) {
            if (next >= text.length()) {
                throw RecordProblem.IMPORT_UNREADABLE.with("A quotation mark of line " + began + " is never closed.");
            }
            char c = text.charAt(next++);
            if (c == '"') {
                if (next < text.length() && text.charAt(next) == '"') {
                    next++;
                } else {
                    break;
                }
            }
            if (c == '\n') {
                line++;
            }
            cell.append(c);
        }
        if (next < text.length() && text.charAt(next) == '\r') {
            next++;
        }
        if (next < text.length() && text.charAt(next) != separator && text.charAt(next) != '\n') {
            throw RecordProblem.IMPORT_UNREADABLE.with(
                    "On line " + line + " something stands behind a closing quotation mark.");
        }
        return cell.toString();
    }
}
