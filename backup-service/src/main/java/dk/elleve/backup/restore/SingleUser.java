package dk.elleve.backup.restore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// PostgreSQL's single-user mode on a folder whose server is stopped: SQL as the superuser, and no door that anybody
/// else could come in by.
final class SingleUser {

    /// As the mode prints a column: `\t 1: name = "value"\t(typeid = …)`.
    private static final Pattern VALUE = Pattern.compile("\\t *\\d+: \\w+ = \"(.*)\"\\t\\(typeid = .*");

    private final Path programs;
    private final Path folder;

    /// @param programs PostgreSQL's `bin` folder
    SingleUser(Path programs, Path folder) {
        this.programs = programs;
        this.folder = folder;
    }

    /// Carries out statements one after the other, each in a transaction of its own, until one fails.
    ///
    /// @param statements without the semicolon; what they answer is text without line breaks
    /// @return the first column of every row
    List<String> run(String database, List<String> statements) throws InterruptedException {
        var command = ServerUser.of(folder)
                .command(List.of(
                        programs.resolve("postgres").toString(),
                        "--single",
                        "-j",
                        "-D",
                        folder.toString(),
                        "-c",
                        "exit_on_error=on",
                        "-c",
                        "logging_collector=off",
                        "-c",
                        "log_destination=stderr",
                        database));
        try {
            var script = Files.createTempFile("elleve-single-user", ".sql");
            var errors = Files.createTempFile("elleve-single-user", ".txt");
            try {
                Files.writeString(script, String.join(";\n\n", statements) + ";\n\n");
                var process = new ProcessBuilder(command)
                        .directory(Path.of("/").toFile())
                        .redirectInput(script.toFile())
                        .redirectError(errors.toFile())
                        .start();
                var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (process.waitFor() != 0) {
                    throw new RestoreException(
                            RestoreProblem.SERVER, "in database " + database + ": " + lastWords(errors));
                }
                return values(said);
            } finally {
                Files.delete(script);
                Files.delete(errors);
            }
        } catch (IOException e) {
            throw new RestoreException(
                    RestoreProblem.SERVER, "PostgreSQL's programs in " + programs + " do not run: " + e.getMessage());
        }
    }

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static List<String> values(String said) {
        var values = new ArrayList<String>();
        for (var line : said.split("\n", -1)) {
            var matcher = VALUE.matcher(line);
            if (matcher.matches()) {
                values.add(matcher.group(1));
            }
        }
        return values;
    }

    private static String lastWords(Path errors) throws IOException {
        var lines = Files.readAllLines(errors);
        return lines.stream()
                .filter(line -> line.contains("FATAL") || line.contains("ERROR") || line.contains("PANIC"))
                .reduce((one, other) -> other)
                .orElse(lines.isEmpty() ? "it said nothing" : lines.getLast());
    }
}
