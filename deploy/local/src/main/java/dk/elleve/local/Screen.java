package dk.elleve.local;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// Lines for the person at the keyboard. Several parts tell at once; each line stays whole.
final class Screen {

    private final PrintStream out;

    Screen(PrintStream out) {
        this.out = out;
    }

    /// For work within other work, which tells of it itself.
    static Screen silent() {
        return new Screen(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    }

    synchronized void line(String text) {
        out.println(text);
        out.flush();
    }

    void line() {
        line("");
    }

    /// What a part is doing now.
    void part(String name, String state, String detail) {
        line("  %-12s %-10s %s".formatted(name, state, detail).stripTrailing());
    }

    static String seconds(long sinceNanos) {
        return "%.1f s".formatted((System.nanoTime() - sinceNanos) / 1e9);
    }
}
