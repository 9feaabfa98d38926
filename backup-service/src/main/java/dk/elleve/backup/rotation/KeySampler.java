package dk.elleve.backup.rotation;

import dk.elleve.kit.measure.Measure;
import dk.elleve.kit.measure.Sample;
import dk.elleve.kit.measure.Sampler;
import org.springframework.stereotype.Component;

/// How many data keys still need a former master key.
@Component
class KeySampler implements Sampler {

    private static final Measure KEYS = new Measure(
            "elleve.backup.keys", "Data keys in the vault: opened by the current master key, or by others only");

    private final Rotation rotation;

    KeySampler(Rotation rotation) {
        this.rotation = rotation;
    }

    @Override
    public String name() {
        return "backup-keys";
    }

    @Override
    public void sample(Sample sample) {
        var status = rotation.status();
        sample.put(KEYS, status.byCurrent(), "state", "current");
        sample.put(KEYS, status.keys() - status.byCurrent(), "state", "former");
    }
}
