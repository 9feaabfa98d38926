package dk.elleve.local;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.local.HealthGate.Requests;
import dk.elleve.local.HealthGate.Verdict;
import org.junit.jupiter.api.Test;

class HealthGateTest {

    private final HealthGate gate = new HealthGate(0.02, 20);

    @Test
    void what_is_ready_and_answers_stays() {
        assertThat(gate.judge(true, 0, new Requests(20, 0))).isEqualTo(new Verdict.Stay());
        assertThat(gate.judge(true, 0, new Requests(1000, 20))).isEqualTo(new Verdict.Stay());
    }

    @Test
    void what_is_not_ready_restarts_fails_or_was_not_asked_goes_back() {
        assertThat(reason(gate.judge(false, 0, new Requests(100, 0)))).isEqualTo("not-ready");
        assertThat(reason(gate.judge(true, 1, new Requests(100, 0)))).isEqualTo("restarting");
        assertThat(reason(gate.judge(true, 0, new Requests(1000, 21)))).isEqualTo("errors");
        assertThat(reason(gate.judge(true, 0, new Requests(20, 1)))).isEqualTo("errors");
        assertThat(reason(gate.judge(true, 0, new Requests(19, 0)))).isEqualTo("unproven");
    }

    @Test
    void the_metrics_of_a_service_are_counted_without_its_actuator() {
        var metrics = """
                # TYPE http_server_requests_seconds summary
                http_server_requests_seconds_count{error="none",method="GET",status="200",uri="/answers"} 41
                http_server_requests_seconds_sum{error="none",method="GET",status="200",uri="/answers"} 3.2
                http_server_requests_seconds_count{error="x",method="GET",status="503",uri="/me"} 2.0
                http_server_requests_seconds_count{error="none",method="GET",status="404",uri="/**"} 1.2E1
                http_server_requests_seconds_count{method="GET",status="503",uri="/actuator/health"} 99
                jvm_threads_live_threads 40.0
                """;

        assertThat(HealthGate.requests(metrics)).isEqualTo(new Requests(55, 2));
        assertThat(HealthGate.requests("")).isEqualTo(Requests.NONE);
    }

    private static String reason(Verdict verdict) {
        return verdict instanceof Verdict.Back(var reason, var detail) ? reason : "stays";
    }
}
