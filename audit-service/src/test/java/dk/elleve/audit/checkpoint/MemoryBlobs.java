package dk.elleve.audit.checkpoint;

import dk.elleve.kit.blob.BlobStore;
import dk.elleve.kit.test.Faults;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/// Blob storage that passes a point of failure before and after each of its effects.
public final class MemoryBlobs implements BlobStore {

    static final String STEP = "step";

    private final ConcurrentSkipListMap<String, byte[]> blobs = new ConcurrentSkipListMap<>();
    private final Faults faults;
    private volatile boolean immutable;

    public MemoryBlobs(Faults faults) {
        this.faults = faults;
    }

    /// From now on nothing may be deleted.
    void makeImmutable() {
        immutable = true;
    }

    @Override
    public void put(String container, String name, byte[] bytes) {
        faults.at(STEP);
        blobs.put(container + "/" + name, bytes);
        faults.at(STEP);
    }

    @Override
    public boolean putIfAbsent(String container, String name, byte[] bytes) {
        faults.at(STEP);
        var wrote = blobs.putIfAbsent(container + "/" + name, bytes) == null;
        faults.at(STEP);
        return wrote;
    }

    @Override
    public Optional<byte[]> get(String container, String name) {
        return Optional.ofNullable(blobs.get(container + "/" + name));
    }

    @Override
    public List<String> list(String container, String prefix) {
        return blobs.keySet().stream()
                .filter(name -> name.startsWith(container + "/" + prefix))
                .map(name -> name.substring(container.length() + 1))
                .toList();
    }

    @Override
    public void delete(String container, String name) {
        faults.at(STEP);
        if (immutable) {
            throw new BlobImmutable(name + " is kept by a policy", new IllegalStateException());
        }
        blobs.remove(container + "/" + name);
        faults.at(STEP);
    }
}
