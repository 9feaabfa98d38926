package dk.elleve.backup.wal;

import dk.elleve.backup.wire.Lsn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;

/// Which WAL lies in the vault, by the names of the objects alone.
public final class WalInventory {

    /// A stretch of one segment that lies in one object.
    record Extent(String name, int from, int to, boolean sealed) {}

    /// Where the WAL in the vault ends.
    public record End(int timeline, Lsn lsn) {}

    private final Segments segments;
    private final TreeMap<Integer, TreeMap<Long, List<Extent>>> timelines = new TreeMap<>();

    WalInventory(Segments segments, List<String> names) {
        this.segments = segments;
        for (var name : names) {
            var parts = name.split("/", -1);
            if (parts.length != 4 || !parts[0].equals("wal") || parts[2].length() != 24) {
                continue;
            }
            var extent = parts[3].equals(WalShelf.SEALED)
                    ? new Extent(name, 0, segments.size(), true)
                    : new Extent(
                            name, Integer.parseInt(parts[3], 0, 8, 16), Integer.parseInt(parts[3], 9, 17, 16), false);
            timelines
                    .computeIfAbsent(Integer.parseInt(parts[1], 16), timeline -> new TreeMap<>())
                    .computeIfAbsent(segments.numberOf(parts[2]), number -> new ArrayList<>())
                    .add(extent);
        }
    }

    /// The number of the segment that an object belongs to.
    static OptionalLong number(Segments segments, String name) {
        var parts = name.split("/", -1);
        return parts.length == 4 && parts[0].equals("wal") && parts[2].length() == 24
                ? OptionalLong.of(segments.numberOf(parts[2]))
                : OptionalLong.empty();
    }

    public Segments segments() {
        return segments;
    }

    public List<Integer> timelines() {
        return List.copyOf(timelines.keySet());
    }

    /// How far WAL goes without a hole from the start of `from`'s segment on; that start itself when there is
    /// none.
    public Lsn contiguousFrom(int timeline, Lsn from) {
        var number = segments.number(from);
        while (true) {
            var covered = covered(timeline, number);
            if (covered < segments.size()) {
                return segments.start(number).plus(covered);
            }
            number++;
        }
    }

    public boolean covers(int timeline, Lsn from, Lsn to) {
        return !contiguousFrom(timeline, from).isBefore(to);
    }

    /// Bytes of the segment that are there from its start on without a hole.
    public int covered(int timeline, long number) {
        return cover(timeline, number).stream().mapToInt(Extent::to).max().orElse(0);
    }

    /// The fewest objects that hold the segment from its start on without a hole, in order; later ones may
    /// overlap earlier ones.
    List<Extent> cover(int timeline, long number) {
        var extents = extents(timeline, number);
        var cover = new ArrayList<Extent>();
        var end = 0;
        while (end < segments.size()) {
            var reached = end;
            var best = extents.stream()
                    .filter(extent -> extent.from() <= reached && extent.to() > reached)
                    .max(Comparator.comparingInt(Extent::to));
            if (best.isEmpty()) {
                break;
            }
            cover.add(best.get());
            end = best.get().to();
        }
        return cover;
    }

    List<Extent> extents(int timeline, long number) {
        return timelines.getOrDefault(timeline, new TreeMap<>()).getOrDefault(number, List.of());
    }

    /// Numbers of the segments of a timeline of which anything is there.
    public List<Long> numbers(int timeline) {
        return List.copyOf(timelines.getOrDefault(timeline, new TreeMap<>()).keySet());
    }

    /// Parts that a sealed segment or a longer part has made needless.
    List<String> needless() {
        var names = new ArrayList<String>();
        timelines.forEach((timeline, bySegment) -> bySegment.forEach((number, extents) -> {
            var cover = cover(timeline, number);
            var end = cover.isEmpty() ? 0 : cover.getLast().to();
            extents.stream()
                    .filter(extent -> !cover.contains(extent) && extent.to() <= end)
                    .map(Extent::name)
                    .forEach(names::add);
        }));
        return names;
    }
}
