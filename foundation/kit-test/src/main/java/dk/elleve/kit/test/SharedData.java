package dk.elleve.kit.test;

import dk.elleve.kit.test.part.ProjectRoot;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// Test data that lies beside the project and is never copied into it: `<project>/../shared`, or the folder named by
/// the system property `elleve.shared`. Where it is absent, the test is skipped and says so.
public final class SharedData {

    private SharedData() {}

    /// @param path below the shared folder, such as `datasets/chinook`
    public static Path require(String path) {
        var given = System.getProperty("elleve.shared");
        var folder = given != null ? Path.of(given) : ProjectRoot.find().resolveSibling("shared");
        var wanted = folder.resolve(path);
        Assumptions.assumeTrue(
                Files.exists(wanted),
                () -> "The shared test data " + path + " is not on this machine (looked for " + wanted
                        + "); name its folder with -Delleve.shared");
        return wanted;
    }
}
