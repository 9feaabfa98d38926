package dk.elleve.kit;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Evidence;
import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import dk.elleve.kit.attribution.Attribution;
import dk.elleve.kit.attribution.AttributionSigner;
import dk.elleve.kit.outbox.Outbox;
import dk.elleve.kit.request.RequestId;
import dk.elleve.kit.test.Eventually;
import dk.elleve.kit.test.TopicProbe;
import dk.elleve.kit.trace.Trace;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.beans.factory.annotation.Autowired;

class TraceTest extends KitRig {

    private static final String REQUEST = "11111111-1111-4111-8111-111111111111";

    private final Outbox outbox;
    private final String trace;

    @Autowired
    TraceTest(Outbox outbox) {
        this.outbox = outbox;
        var bytes = new byte[16];
        new Random().nextBytes(bytes);
        this.trace = HexFormat.of().formatHex(bytes);
    }

    @AfterEach
    void quiet() {
        ThingController.AFTER_EFFECT.set(() -> {});
    }

    @Test
    void one_request_has_one_trace_in_the_log_on_kafka_and_in_the_listener() {
        var id = UUID.randomUUID().toString();
        var logged = new HashMap<String, String>();
        ThingController.AFTER_EFFECT.set(() -> {
            logged.putAll(MDC.getCopyOfContextMap());
            logged.put("asked", String.valueOf(Trace.id()));
            outbox.add(
                    Topic.BREACH_EVIDENCE,
                    "trace",
                    new TenantId("nord"),
                    new Evidence(id, "test.trace", true, Instant.EPOCH, Map.of()));
        });

        var answer = send(
                "POST",
                "/things",
                "{\"note\": \"x\"}".getBytes(StandardCharsets.UTF_8),
                "traceparent",
                "00-" + trace + "-00f067aa0ba902b7-01",
                RequestId.HEADER,
                REQUEST);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(logged)
                .containsEntry("trace.id", trace)
                .containsEntry("asked", trace)
                .containsEntry("request.id", REQUEST)
                .containsEntry("tenant.id", "nord");
        try (var probe = TopicProbe.rig()) {
            var heard = probe.await(
                    Topic.BREACH_EVIDENCE,
                    each -> each.body().path("id").asString("").equals(id));
            assertThat(heard.headers().get("traceparent")).matches("00-" + trace + "-[0-9a-f]{16}-01");
        }
        Eventually.eventually(
                "the listener heard it",
                () -> assertThat(EarListener.HEARD.get(id))
                        .containsEntry("trace.id", trace)
                        .containsEntry("tenant.id", "nord"));
        assertThat(MDC.get("tenant.id")).isNull();
    }

    @Test
    void an_attribution_names_its_trace_and_one_of_an_earlier_build_is_still_read() {
        var signer = new AttributionSigner("breach", new byte[32]);
        var somebody = new Actor(Actor.Kind.SYSTEM, "breach/test", null);
        var traced = new Attribution("breach", somebody, null, "r", trace, Instant.EPOCH, 7);
        var untraced = new Attribution("breach", somebody, null, "r", Instant.EPOCH, 7);

        assertThat(signer.verify(signer.sign(traced))).contains(traced);
        assertThat(signer.verify(signer.sign(untraced))).contains(untraced);
        // As version 1 of the message was written, under a key of 32 zero bytes.
        assertThat(signer.verify("1\tbreach\tsystem\tbreach/test\t-\t-\tr\t1970-01-01T00:00:00Z\t7\t"
                        + "H-4_-JutjMNp_tlA4eQsTITVRUoiOj8g3PFKBLi_S9w"))
                .contains(untraced);
    }
}
