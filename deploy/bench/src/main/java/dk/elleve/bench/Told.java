package dk.elleve.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// What is told to whoever started the measurement: a line for each result, a line for each wish, and all other lines
/// for the person who waits.
public final class Told {

    private final PrintStream out;
    private final BufferedReader in;

    public Told(PrintStream out, BufferedReader in) {
        this.out = new PrintStream(out, true, StandardCharsets.UTF_8);
        this.in = in;
    }

    /// One comparison; both numbers in `unit`.
    public void measure(String name, double ours, double peer, String unit) {
        out.println(String.format(Locale.ROOT, "measure\t%s\t%.6f\t%.6f\t%s", name, ours, peer, unit));
    }

    public synchronized void progress(String text, Object... values) {
        out.println(String.format(Locale.ROOT, text, values));
    }

    /// Asks for something that only the platform's own launcher can do, and waits until it is done.
    void please(String what) throws IOException {
        out.println("please\t" + what);
        if (in.readLine() == null) {
            throw new IllegalStateException("Nobody did this: " + what);
        }
    }
}
