package dk.elleve.audit;

import static dk.elleve.kit.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What a scrape of the running service finds, by the names that rules and dashboards use.
class MeasuredTest extends AuditRig {

    @Test
    void nobody_but_the_services_may_log_in_and_no_certificate_ends_where_none_is_set() {
        eventually(
                "the samplers have had another turn",
                Duration.ofSeconds(45),
                () -> assertThat(get(null, "/actuator/prometheus").text().lines())
                        .contains(
                                "elleve_audit_access_standing_grants 0.0",
                                "elleve_audit_access_grants_open 0.0",
                                "elleve_audit_access_grants_left_seconds 0.0",
                                "elleve_audit_access_sessions_overstaying 0.0",
                                "elleve_certificate_left_seconds{use=\"server\"} +Inf",
                                "elleve_certificate_left_seconds{use=\"kafka\"} +Inf",
                                "elleve_certificate_left_seconds{use=\"database\"} +Inf",
                                "elleve_certificate_left_seconds{use=\"siem\"} +Inf",
                                "elleve_certificate_left_seconds{use=\"second-anchor\"} +Inf"));
    }
}
