package dk.elleve.kit.messaging;

import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

final class ReceivedDeserializer implements Deserializer<Object> {

    private final Envelopes envelopes;

    ReceivedDeserializer(Envelopes envelopes) {
        this.envelopes = envelopes;
    }

    @Override
    public Received deserialize(String topic, byte[] data) {
        throw new SerializationException("An event cannot be read without its headers");
    }

    @Override
    public Received deserialize(String topic, Headers headers, byte @Nullable [] data) {
        if (data == null) {
            throw new UnreadableEvent("A tombstone is no event");
        }
        return envelopes.unpack(topic, headers, data);
    }
}
