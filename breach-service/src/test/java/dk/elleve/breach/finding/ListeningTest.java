package dk.elleve.breach.finding;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.contracts.Topic;
import dk.elleve.kit.messaging.Received;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.annotation.KafkaListener;

class ListeningTest {

    @Test
    void every_topic_of_findings_is_listened_to() throws NoSuchMethodException {
        var listener =
                FindingListener.class.getDeclaredMethod("on", Received.class).getAnnotation(KafkaListener.class);
        assertThat(listener.topics())
                .containsExactlyInAnyOrder(Arrays.stream(Topic.values())
                        .map(Topic::wireName)
                        .filter(name -> name.endsWith(".findings.v1"))
                        .toArray(String[]::new));
    }
}
