package dk.elleve.kit.test.part;

import java.nio.file.Files;
import java.nio.file.Path;

/// The folder of the project: the system property `elleve.root`, else the first one upwards with a `.mvn` folder.
public final class ProjectRoot {

    private ProjectRoot() {}

    public static Path find() {
        var given = System.getProperty("elleve.root");
        if (given != null) {
            return Path.of(given).toAbsolutePath();
        }
        for (var folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(".mvn"))) {
                return folder;
            }
        }
        throw new PartFailure("The project's folder was not found above "
                + Path.of("").toAbsolutePath() + "; set -Delleve.root to it.");
    }
}
