package dk.elleve.kit.test.part;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.HashSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {

    @TempDir
    Path folder;

    @Test
    void all_who_ask_at_once_for_a_secret_that_is_not_there_get_the_same() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int each = 0; each < 100; each++) {
                var name = "attribution-" + each;
                Callable<String> asked = () -> Secrets.in(folder).key(name);
                var got = new HashSet<String>();
                for (var answer : threads.invokeAll(Collections.nCopies(8, asked))) {
                    got.add(answer.get());
                }

                assertThat(got).containsExactly(Secrets.in(folder).key(name));
            }
        }
        try (var files = Files.list(folder)) {
            assertThat(files)
                    .hasSize(100)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }
}
