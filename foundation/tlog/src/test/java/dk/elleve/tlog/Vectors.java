package dk.elleve.tlog;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Published test vectors, kept outside the project; tests over them are skipped where they are not at hand.
final class Vectors {

    private Vectors() {}

    static JsonNode file(String name) {
        var start = Path.of("").toAbsolutePath();
        var folders = System.getProperty("elleve.shared") != null
                ? Stream.of(Path.of(System.getProperty("elleve.shared")))
                : Stream.iterate(start, folder -> folder != null, Path::getParent)
                        .map(folder -> folder.resolve("shared"));
        var file = folders.map(folder -> folder.resolve("vectors").resolve(name))
                .filter(Files::isRegularFile)
                .findFirst();
        Assumptions.assumeTrue(
                file.isPresent(),
                "no shared/vectors/" + name + " above " + start + "; -Delleve.shared=DIR names the folder");
        return JsonMapper.shared().readTree(file.orElseThrow().toFile());
    }

    static byte[] base64(JsonNode value) {
        return value.isNull() ? new byte[0] : Base64.getDecoder().decode(value.asString());
    }

    static List<Hash> hashes(JsonNode values) {
        var hashes = new ArrayList<Hash>();
        values.forEach(value -> hashes.add(Hash.of(base64(value))));
        return hashes;
    }
}
