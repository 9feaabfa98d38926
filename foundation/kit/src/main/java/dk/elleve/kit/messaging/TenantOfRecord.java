package dk.elleve.kit.messaging;

import dk.elleve.kit.trace.LogFields;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.listener.RecordInterceptor;

/// While a listener handles an event, its log names the event's tenant.
final class TenantOfRecord implements RecordInterceptor<Object, Object> {

    @Override
    public ConsumerRecord<Object, Object> intercept(
            ConsumerRecord<Object, Object> record, Consumer<Object, Object> consumer) {
        if (record.value() instanceof Received event && event.tenant() != null) {
            LogFields.put(event.tenant().value(), null);
        }
        return record;
    }

    @Override
    public void afterRecord(ConsumerRecord<Object, Object> record, Consumer<Object, Object> consumer) {
        LogFields.clear();
    }
}
