package dk.elleve.kit.test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// After each test class: whatever services put on the rig's broker in it, looked at by a test or
/// not, is as the contracts say, or the class fails. Found by JUnit itself, so that no test can
/// forget it.
public final class SaidAsAgreed implements AfterAllCallback {

    private static final Map<TopicPartition, Long> SEEN = new HashMap<>();

    @Override
    public void afterAll(ExtensionContext context) {
        if (Rig.kafkaRuns()) {
            check(Rig.kafka().bootstrapServers());
        }
    }

    /// @throws AssertionError if a service said something since the last check that breaks a
    ///     contract
    static synchronized void check(String bootstrapServers) {
        var wrong = new ArrayList<String>();
        for (var heard : TopicProbe.since(bootstrapServers, SEEN)) {
            if (!heard.headers().getOrDefault("ce_source", "").startsWith("urn:elleve:")) {
                continue; // said by a test
            }
            for (var violation : EventContract.violationsOfOwner(heard)) {
                wrong.add(heard.topic() + " " + heard.type() + " " + heard.id() + ": " + violation);
            }
        }
        if (!wrong.isEmpty()) {
            throw new AssertionError("Events break their contract:\n  "
                    + String.join("\n  ", wrong.subList(0, Math.min(20, wrong.size()))));
        }
    }
}
