package dk.elleve.kit.messaging;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.ConsumerRecordRecoverer;
import org.springframework.kafka.support.serializer.DeserializationException;

/// Puts a bad message aside so that those behind it are heard.
final class SettingAside implements ConsumerRecordRecoverer {

    private static final Logger log = LoggerFactory.getLogger(SettingAside.class);

    private final SetAsideStore store;

    SettingAside(SetAsideStore store) {
        this.store = store;
    }

    @Override
    public void accept(ConsumerRecord<?, ?> record, Exception failure) {
        var whole = record.headers().lastHeader(ReceivedDeserializer.WIRE_BODY);
        byte[] body = whole == null ? new byte[0] : whole.value();
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof DeserializationException)) {
            cause = cause.getCause();
        }
        if (cause instanceof DeserializationException unreadable && unreadable.getData() != null) {
            body = unreadable.getData();
            cause = unreadable.getCause() == null ? unreadable : unreadable.getCause();
        }
        var position = record.partition() + "@" + record.offset();
        store.keep(
                record.topic(),
                position,
                record.key() == null ? null : record.key().toString(),
                HeaderLines.of(record.headers()),
                body,
                cause.getClass().getSimpleName() + ": " + cause.getMessage());
        log.error(
                "Set aside {} {}: it waits for ./elleve set-aside, those behind it go on",
                record.topic(),
                position,
                cause);
    }
}
