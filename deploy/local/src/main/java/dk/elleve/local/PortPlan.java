package dk.elleve.local;

import dk.elleve.kit.test.part.Ports;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/// Which port belongs to whom: chosen at the first start, kept in the file `ports` ever after.
final class PortPlan {

    /// In the order in which `--port-base` counts.
    enum Use {
        GATEWAY(8080, true),
        KEYCLOAK(8081, true),
        AZURITE(10000, true),
        KAFKA(9092, true),
        POSTGRES(5433, false),
        SMTP(2525, false),
        MAIL(8025, false),
        IDENTITY(8082, false),
        TENANT_DATA(8083, false),
        BACKUP(8084, false),
        BREACH(8085, false),
        AUDIT(8086, false),
        KEYCLOAK_MANAGEMENT(9000, false),
        KAFKA_CONTROLLER(9093, false);

        /// What people know and type; where it is taken, that is said. The others move to the next free one.
        private final boolean wellKnown;

        private final int usual;

        Use(int usual, boolean wellKnown) {
            this.usual = usual;
            this.wellKnown = wellKnown;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        String option() {
            return "--" + word() + "-port";
        }
    }

    private final Map<Use, Integer> ports;

    private PortPlan(Map<Use, Integer> ports) {
        this.ports = new EnumMap<>(ports);
    }

    static boolean isOption(String name) {
        for (var use : Use.values()) {
            if (use.option().equals(name)) {
                return true;
            }
        }
        return false;
    }

    int of(Use use) {
        return ports.getOrDefault(use, 0);
    }

    /// As written in the file; empty places and options are filled in. Nothing is written.
    static PortPlan read(Path file, Arguments arguments) {
        var written = new Properties();
        try {
            if (Files.exists(file)) {
                written.load(new StringReader(Files.readString(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var base = arguments.option("--port-base").map(text -> number("--port-base", text));
        var ports = new EnumMap<Use, Integer>(Use.class);
        for (var use : Use.values()) {
            var wanted = arguments.option(use.option());
            if (wanted.isPresent()) {
                ports.put(use, number(use.option(), wanted.get()));
            } else if (base.isPresent()) {
                ports.put(use, number("--port-base", Integer.toString(base.get() + use.ordinal())));
            } else if (written.containsKey(use.word())) {
                ports.put(use, number(use.word(), written.getProperty(use.word())));
            } else if (use.wellKnown) {
                ports.put(use, use.usual);
            }
        }
        for (var use : Use.values()) {
            ports.computeIfAbsent(use, missing -> nextFree(missing.usual, ports));
        }
        for (var use : Use.values()) {
            for (var other : Use.values()) {
                if (use.ordinal() < other.ordinal() && Objects.equals(ports.get(use), ports.get(other))) {
                    throw new Refusal("Port " + ports.get(use) + " is given to both " + use.word() + " and "
                            + other.word() + "; give one of them another with " + other.option() + ".");
                }
            }
        }
        return new PortPlan(ports);
    }

    private static int nextFree(int from, Map<Use, Integer> taken) {
        for (int port = from; port < 65536; port++) {
            if (!taken.containsValue(port) && Ports.isFree(port)) {
                return port;
            }
        }
        throw new Refusal("This machine has no free port above " + from + ".");
    }

    private static int number(String name, String text) {
        try {
            int port = Integer.parseInt(text.strip());
            if (port > 1023 && port < 65536) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number out of range.
        }
        throw new Refusal("The port of " + name + " is " + text + ", but must be a number from 1024 to 65535.");
    }

    void write(Path file) {
        var text = new StringBuilder(
                "# Ports of this installation; ./elleve up --port-base N or --<name>-port N changes them.\n");
        ports.forEach(
                (use, port) -> text.append(use.word()).append('=').append(port).append('\n'));
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
