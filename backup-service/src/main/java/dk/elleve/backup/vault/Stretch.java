package dk.elleve.backup.vault;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Chunks of an object that lie side by side and are fetched at once.
///
/// @param first the number of the first one
/// @param end one behind the last one
public record Stretch(int first, int end) {

    /// Content in a chunk; less in the last one.
    public static final int CHUNK = Sealing.CHUNK;

    /// To fetch so many bytes in vain takes no longer than to ask once more.
    private static final int NEAR = 256 << 10;

    /// What to fetch of an object of which some chunks are wanted: always the last one too, since it tells that the
    /// object is whole. Nothing when it is as well fetched as a whole, because most of it is wanted or because
    /// it is not known where its chunks lie.
    ///
    /// @param chunks the size of each as it is stored; none when that is not known
    public static List<Stretch> of(List<Integer> chunks, BitSet wanted) {
        if (chunks.isEmpty() || wanted.length() > chunks.size()) {
            return List.of();
        }
        var fetched = (BitSet) wanted.clone();
        fetched.set(chunks.size() - 1);
        var stretches = new ArrayList<Stretch>();
        for (var chunk = fetched.nextSetBit(0); chunk >= 0; chunk = fetched.nextSetBit(chunk + 1)) {
            if (!stretches.isEmpty() && bytes(chunks, stretches.getLast().end(), chunk) <= NEAR) {
                stretches.set(
                        stretches.size() - 1, new Stretch(stretches.getLast().first(), chunk + 1));
            } else {
                stretches.add(new Stretch(chunk, chunk + 1));
            }
        }
        var bytes = stretches.stream()
                .mapToLong(each -> bytes(chunks, each.first(), each.end()))
                .sum();
        return bytes > bytes(chunks, 0, chunks.size()) / 2 ? List.of() : List.copyOf(stretches);
    }

    private static long bytes(List<Integer> chunks, int first, int end) {
        return chunks.subList(first, end).stream().mapToLong(Integer::longValue).sum();
    }
}
