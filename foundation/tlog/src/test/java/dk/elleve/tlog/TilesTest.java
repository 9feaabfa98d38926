package dk.elleve.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TilesTest {

    @Test
    void a_log_grown_in_any_steps_has_exactly_the_resources_its_sizes_need() {
        var random = new Random(21);
        Map<String, byte[]> files = new HashMap<>();
        var writer = TileWriter.empty();
        var range = CompactRange.empty();
        while (writer.size() < 70_000) {
            long before = writer.size();
            // Steps of a few, of some hundreds and, now and then, of many.
            int step = random.nextInt(random.nextInt(20) == 0 ? 20_000 : random.nextInt(5) == 0 ? 700 : 40);
            for (int i = 0; i < step; i++) {
                byte[] entry = entry(writer.size());
                assertThat(writer.append(entry)).isEqualTo(range.append(Hash.leaf(entry)));
            }
            var written = writer.flush();

            assertThat(written.stream().map(TileContent::tile))
                    .containsExactlyInAnyOrderElementsOf(
                            Tile.between(before, writer.size()).toList());
            written.forEach(content -> assertThat(files.put(content.path(), content.bytes()))
                    .as("%s was there before", content)
                    .isNull());
            assertThat(writer.root()).isEqualTo(range.root());
            if (random.nextInt(3) == 0) {
                writer = TileWriter.resume(writer.size(), Logs.source(files));
                assertThat(writer.root()).isEqualTo(range.root());
            }
        }
        Tile.of(writer.size()).forEach(tile -> assertThat(files).containsKey(tile.path()));
    }

    @Test
    void roots_and_proofs_computed_from_tiles_hold_at_every_size_that_was_published() {
        Map<String, byte[]> files = new HashMap<>();
        var writer = TileWriter.empty();
        var range = CompactRange.empty();
        var random = new Random(22);
        var roots = new HashMap<Long, Hash>();
        for (long size : List.of(1L, 2L, 255L, 256L, 257L, 511L, 512L, 600L, 65_535L, 65_536L, 65_537L, 66_000L)) {
            while (writer.size() < size) {
                byte[] entry = entry(writer.size());
                writer.append(entry);
                range.append(Hash.leaf(entry));
            }
            writer.flush().forEach(content -> files.put(content.path(), content.bytes()));
            roots.put(size, range.root());

            var reader = new TileReader(Logs.source(files), size);
            assertThat(reader.root()).isEqualTo(range.root());
            assertThat(reader.compactRange().edge()).isEqualTo(range.edge());
            for (long index : indexes(size, random)) {
                assertThat(reader.entry(index)).isEqualTo(entry(index));
                Proofs.checkInclusion(index, size, Hash.leaf(entry(index)), reader.inclusion(index), range.root());
            }
            roots.forEach((old, root) -> {
                if (old <= size) {
                    Proofs.checkConsistency(old, root, size, roots.get(size), reader.consistency(old));
                }
            });
        }
    }

    private static long[] indexes(long size, Random random) {
        return LongStream.concat(LongStream.of(0, size / 2, size - 1), random.longs(20, 0, size))
                .toArray();
    }

    @Test
    void a_full_tile_serves_where_the_partial_one_it_replaced_is_gone() {
        var files = Logs.log(Logs.entries(300));
        var whole = new TileReader(Logs.source(files), 300);
        var older = new TileReader(Logs.source(files), 200);

        assertThat(files).doesNotContainKey("tile/0/000.p/200");
        assertThat(older.entry(199)).isEqualTo(whole.entry(199));
        Proofs.checkConsistency(200, older.root(), 300, whole.root(), whole.consistency(200));
    }

    @Test
    void what_is_missing_or_cut_short_is_named() {
        var files = Logs.log(Logs.entries(300));
        files.remove("tile/0/000");
        assertThatThrownBy(() -> new TileReader(Logs.source(files), 300).inclusion(7))
                .isInstanceOf(VerificationException.class)
                .hasMessage("tile/0/000 is missing");

        files.put("tile/0/000", new byte[32 * 255]);
        assertThatThrownBy(() -> new TileReader(Logs.source(files), 300).inclusion(7))
                .isInstanceOf(VerificationException.class)
                .hasMessage("tile/0/000 holds 255 hashes, must hold 256");

        files.put("tile/entries/001.p/44", new byte[] {0, 5, 1});
        assertThatThrownBy(() -> new TileReader(Logs.source(files), 300).entry(299))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("tile/entries/001.p/44")
                .hasMessageContaining("breaks off within entry 0");
    }

    @Test
    void paths_are_read_back_and_have_one_spelling() {
        var random = new Random(23);
        for (int i = 0; i < 2000; i++) {
            var tile = new Tile(
                    random.nextInt(65) - 1, random.nextLong() >>> 1 + random.nextInt(62), 1 + random.nextInt(256));
            assertThat(Tile.parse(tile.path())).isEqualTo(tile);
        }
        assertThat(new Tile(0, 1_234_067, 256).path()).isEqualTo("tile/0/x001/x234/067");
        assertThat(Tile.entries(5, 7).path()).isEqualTo("tile/entries/005.p/7");
        for (var wrong : List.of(
                "",
                "tile",
                "tile/",
                "tile/0",
                "tile/0/",
                "tile/0/00",
                "tile/0/0000",
                "tile/0/x00/000",
                "tile/0/x000/x001/000",
                "tile/0/001/000",
                "tile/0/000.p/",
                "tile/0/000.p/256",
                "tile/0/000.p/+1",
                "tile/+0/000",
                "tile/64/000",
                "tile/-1/000",
                "tile/entries/000/",
                "/tile/0/000",
                "tile/0/000 ",
                "tile/0/٠٠٠",
                "tile/0/000.p/1.p/1")) {
            assertThatThrownBy(() -> Tile.parse(wrong)).as(wrong).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void entries_come_back_from_a_bundle_and_no_other_length_is_accepted() {
        var entries = List.of(new byte[0], new byte[] {1, 2, 3}, new byte[EntryBundle.MAX_ENTRY_LENGTH]);
        byte[] bundle = EntryBundle.encode(entries);

        assertThat(EntryBundle.decode(bundle))
                .usingElementComparator(Arrays::compare)
                .isEqualTo(entries);
        for (int cut : List.of(1, 3, 5, bundle.length - 1)) {
            assertThatThrownBy(() -> EntryBundle.decode(Arrays.copyOf(bundle, cut)))
                    .as("cut to " + cut)
                    .isInstanceOf(MalformedException.class);
        }
        assertThatThrownBy(() -> EntryBundle.decode(new byte[257 * 2]))
                .hasMessageContaining("goes on after 256 entries");
        assertThatThrownBy(() -> EntryBundle.encode(List.of(new byte[EntryBundle.MAX_ENTRY_LENGTH + 1])))
                .isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> TileWriter.empty().append(new byte[EntryBundle.MAX_ENTRY_LENGTH + 1]))
                .isInstanceOf(MalformedException.class);
    }

    private static byte[] entry(long index) {
        return ("entry " + index).getBytes(StandardCharsets.UTF_8);
    }
}
