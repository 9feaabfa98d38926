package dk.elleve.audit.log;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.springframework.stereotype.Component;

/// The way into the log. What was added waits for the sequencer, which gives it its index within a second.
@Component
public final class Journal {

    private final PayloadSeal seal;
    private final LogStore store;

    Journal(PayloadSeal seal, LogStore store) {
        this.seal = seal;
        this.store = store;
    }

    /// Adds entries inside the caller's transaction (scope platform): they are there when it commits, in this order.
    ///
    /// @throws org.springframework.dao.DuplicateKeyException if an event is there already
    public void add(List<NewEntry> entries) {
        if (!entries.isEmpty()) {
            var sealed = seal.seal(entries);
            store.add(IntStream.range(0, entries.size())
                    .mapToObj(i -> new LogStore.SealedEntry(entries.get(i), sealed.get(i)))
                    .toList());
        }
    }

    public void add(NewEntry... entries) {
        add(Arrays.asList(entries));
    }
}
