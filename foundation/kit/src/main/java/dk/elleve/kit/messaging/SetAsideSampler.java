package dk.elleve.kit.messaging;

import dk.elleve.kit.measure.Measure;
import dk.elleve.kit.measure.Sample;
import dk.elleve.kit.measure.Sampler;

/// How many messages wait for a person.
final class SetAsideSampler implements Sampler {

    private static final Measure WAITING =
            new Measure("elleve.messages.aside", "Messages that could not be handled and wait in kit.set_aside");

    private final SetAsideStore store;

    SetAsideSampler(SetAsideStore store) {
        this.store = store;
    }

    @Override
    public String name() {
        return "set-aside";
    }

    @Override
    public void sample(Sample sample) {
        sample.put(WAITING, store.count());
    }
}
