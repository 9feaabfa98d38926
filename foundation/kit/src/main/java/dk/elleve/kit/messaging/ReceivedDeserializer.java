package dk.elleve.kit.messaging;

import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

final class ReceivedDeserializer implements Deserializer<Object> {

    /// The bytes as they came, noted on the record as long as it is in this process: should its listener not be able to
    /// handle the event, they are set aside whole, with the fields this build does not know.
    static final String WIRE_BODY = "elleveWireBody";

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
        var received = envelopes.unpack(topic, headers, data);
        headers.add(WIRE_BODY, data);
        return received;
    }
}
