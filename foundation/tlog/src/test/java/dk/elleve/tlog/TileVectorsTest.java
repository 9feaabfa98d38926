package dk.elleve.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TileVectorsTest {

    @Test
    void a_log_written_entry_by_entry_is_the_published_one_byte_for_byte() {
        var log = Vectors.file("tlog-tiles-testlog.json");
        var signer = SignerKey.parse(log.path("testSigningKey").asString());
        var key = VerifierKey.parse(log.path("vkey").asString());
        var written = new TreeMap<String, String>();
        var writer = TileWriter.empty();
        assertThat(signer.verifier()).isEqualTo(key);

        for (int size = 0; size <= log.path("entriesUtf8").size(); size++) {
            if (size > 0) {
                var entry = log.path("entriesUtf8").path(size - 1).asString();
                writer.append(entry.getBytes(StandardCharsets.UTF_8));
            }
            writer.flush()
                    .forEach(content ->
                            written.put(content.path(), HexFormat.of().formatHex(content.bytes())));

            var checkpoint = new Checkpoint(log.path("origin").asString(), writer.size(), writer.root());
            var published =
                    log.path("checkpointBySize").path(Integer.toString(size)).asString();
            assertThat(checkpoint.sign(signer).format()).isEqualTo(published);
            assertThat(SignedCheckpoint.open(published, List.of(key)).checkpoint())
                    .isEqualTo(checkpoint);
        }

        var published = new TreeMap<String, String>();
        for (var part : List.of("tilesHex", "entryBundlesHex")) {
            for (var file : log.path(part).properties()) {
                published.put(file.getKey(), file.getValue().asString());
            }
        }
        assertThat(written).isEqualTo(published);
    }

    @Test
    void paths_are_the_published_ones() {
        var vectors = Vectors.file("tlog-tiles-paths.json");
        for (var pair : vectors.path("indexToPath")) {
            var tile = new Tile(0, pair.path(0).asLong(), Tile.FULL);
            assertThat(tile.path()).isEqualTo("tile/0/" + pair.path(1).asString());
            assertThat(Tile.parse(tile.path())).isEqualTo(tile);
        }
        for (var path : vectors.path("validPaths")) {
            assertThat(Tile.parse(path.asString()).path()).isEqualTo(path.asString());
        }
        for (var path : vectors.path("invalidPaths")) {
            assertThatThrownBy(() -> Tile.parse(path.asString()))
                    .as(path.asString())
                    .isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void a_size_needs_the_published_tiles() {
        for (var vector : Vectors.file("tlog-tiles-paths.json").path("sizeToTiles")) {
            var tiles = Tile.of(vector.path("size").asLong())
                    .filter(tile -> !tile.isEntries())
                    .toList();
            var counts = new TreeMap<String, Integer>();
            for (int level = 0; level < 3; level++) {
                for (var tile : ofLevel(tiles, level)) {
                    counts.merge("level" + level + "Full", tile.isFull() ? 1 : 0, Integer::sum);
                    counts.put("level" + level + "PartialWidth", tile.isFull() ? 0 : tile.width());
                }
            }
            vector.properties().stream()
                    .filter(property -> property.getKey().startsWith("level"))
                    .forEach(property -> assertThat(counts)
                            .as("size " + vector.path("size"))
                            .containsEntry(
                                    property.getKey(), property.getValue().asInt()));
        }
    }

    private static List<Tile> ofLevel(List<Tile> tiles, int level) {
        return tiles.stream().filter(tile -> tile.level() == level).collect(Collectors.toList());
    }
}
