package dk.elleve.audit.capture;

import dk.elleve.kit.fingerprint.Fingerprint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Rows that seem to differ, and whether they are what a table's difference is made of. The log may
/// know too little of a row (it was there before its log, its entry has expired) or too much (an
/// administrator took the table as it was), so no row is accused because it looks different: what
/// is there less what should be there, added up over the rows that are named, must be the
/// difference of the whole table to the last bit.
final class Suspects {

    /// So many rows are named.
    static final int NAMED = 20;

    /// Of so many it is tried which of them explain the difference; twice as long for each more.
    private static final int CHOSEN_FROM = 16;

    private record Suspect(RowDifference row, Fingerprint weight) {}

    private final List<Suspect> first = new ArrayList<>();
    private Fingerprint weight = Fingerprint.EMPTY;
    private long count;

    /// Looks at one row.
    ///
    /// @param said its hash as it should be; absent if it should not be there
    /// @param live its hash as it is; absent if it is not there
    void look(String key, byte @Nullable [] said, byte @Nullable [] live) {
        var should = said == null ? Fingerprint.EMPTY : Fingerprint.ofRow(said);
        var is = live == null ? Fingerprint.EMPTY : Fingerprint.ofRow(live);
        if (is.equals(should)) {
            return;
        }
        var kind = live == null
                ? RowDifference.Kind.MISSING
                : said == null ? RowDifference.Kind.UNEXPECTED : RowDifference.Kind.CHANGED;
        var suspect = new Suspect(new RowDifference(kind, key), is.minus(should));
        if (first.size() < NAMED) {
            first.add(suspect);
        }
        weight = weight.plus(suspect.weight());
        count++;
    }

    /// @param difference of the table: what is there less what should be there
    /// @return the rows it is made of, if that is certain
    Optional<RowDifferences> explaining(Fingerprint difference) {
        if (weight.equals(difference)) {
            return Optional.of(named(first, count - first.size()));
        }
        if (count > CHOSEN_FROM) {
            return Optional.empty();
        }
        return IntStream.range(1, 1 << first.size())
                .mapToObj(this::choice)
                .filter(chosen -> chosen.stream()
                        .map(Suspect::weight)
                        .reduce(Fingerprint.EMPTY, Fingerprint::plus)
                        .equals(difference))
                .findFirst()
                .map(chosen -> named(chosen, 0));
    }

    private List<Suspect> choice(int bits) {
        return IntStream.range(0, first.size())
                .filter(i -> (bits & (1 << i)) != 0)
                .mapToObj(first::get)
                .toList();
    }

    private static RowDifferences named(List<Suspect> suspects, long more) {
        return new RowDifferences(
                suspects.stream()
                        .map(Suspect::row)
                        .sorted(Comparator.comparing(RowDifference::kind).thenComparing(RowDifference::key))
                        .toList(),
                more);
    }
}
