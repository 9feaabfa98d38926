package dk.elleve.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Properties;
import java.util.stream.Collectors;

/// The platform that is measured. It comes on standard input, since it holds secrets: properties, then a line with a
/// single dot.
public record Given(Properties properties) {

    static final String END = ".";

    public static Given read(BufferedReader in) throws IOException {
        var properties = new Properties();
        properties.load(
                new StringReader(in.lines().takeWhile(line -> !line.equals(END)).collect(Collectors.joining("\n"))));
        return new Given(properties);
    }

    public String text(String name) {
        var value = properties.getProperty(name);
        if (value == null) {
            throw new IllegalStateException("The measurement was not given " + name);
        }
        return value;
    }

    public byte[] key(String name) {
        return Base64.getDecoder().decode(text(name).strip());
    }

    public long number(String name) {
        return Long.parseLong(text(name));
    }

    /// Where the audit service answers.
    URI audit() {
        return URI.create(text("audit") + "/log/");
    }

    /// A folder that may be filled and is emptied afterwards.
    public Path folder() {
        return Path.of(text("folder"));
    }

    /// Where the platform's parts note their process ids.
    Path run() {
        return Path.of(text("run"));
    }

    Connection connect(String database, String role) throws SQLException {
        var settings = new Properties();
        settings.setProperty("user", role);
        settings.setProperty("password", text("password." + role));
        settings.setProperty("ApplicationName", "bench");
        return DriverManager.getConnection(
                "jdbc:postgresql://" + text("database.host") + ":" + text("database.port") + "/" + database, settings);
    }

    @Override
    public String toString() {
        return "Given[***]";
    }
}
