package dk.elleve.breach.obligation;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.kit.json.JsonAutoConfiguration;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PeriodsTest {

    static final JsonMapper JSON = JsonAutoConfiguration.mapper();
    static final ZoneId DENMARK = ZoneId.of("Europe/Copenhagen");

    @TestFactory
    Stream<DynamicTest> every_period_of_the_law_ends_where_it_should() throws Exception {
        try (var in = Objects.requireNonNull(PeriodsTest.class.getResourceAsStream("/deadlines.json"))) {
            var vectors = JSON.readTree(in);
            assertThat(vectors.size()).isEqualTo(20);
            return StreamSupport.stream(vectors.spliterator(), false)
                    .map(vector -> DynamicTest.dynamicTest(
                            vector.path("anchor").asString() + ": "
                                    + vector.path("note").asString(),
                            () -> check(vector)));
        }
    }

    private static void check(JsonNode vector) {
        if (vector.path("kind").asString().equals("hours")) {
            var due = Periods.hours(
                    OffsetDateTime.parse(vector.path("anchor").asString()).toInstant(),
                    Duration.ofHours(vector.path("hours").asInt()));
            assertThat(due.atZone(DENMARK).toOffsetDateTime())
                    .isEqualTo(OffsetDateTime.parse(vector.path("due").asString()));
        } else {
            var anchor = LocalDate.parse(vector.path("anchor").asString());
            int months = vector.path("months").asInt();
            assertThat(anchor.plusMonths(months)).isEqualTo(vector.path("raw").asString());
            assertThat(Periods.months(anchor, months, new WorkingDays(false)))
                    .isEqualTo(vector.path("due").asString());
            assertThat(Periods.months(anchor, months, new WorkingDays(true)))
                    .isEqualTo(vector.path("dueWithOptionalClosingDays").asString());
        }
    }

    @Test
    void the_hour_of_the_event_does_not_count_for_the_formal_end() {
        assertThat(Periods.formalEnd(Instant.parse("2026-11-20T13:30:00Z"), Duration.ofHours(72)))
                .isEqualTo("2026-11-23T14:00:00Z");
    }

    @Test
    void great_prayer_day_was_aHoliday_until2023() {
        assertThat(new WorkingDays(false).isWorkingDay(LocalDate.parse("2023-05-05")))
                .isFalse();
        assertThat(new WorkingDays(false).isWorkingDay(LocalDate.parse("2024-04-26")))
                .isTrue();
    }

    @Test
    void a_proposal_that_is_not_law_makes_no_clock() {
        var duties = new Obligations(JSON);
        assertThat(duties.all())
                .extracting(Obligation::id)
                .contains("GDPR-33-1")
                .doesNotContain("OMNIBUS-33-1");
        var aware = Instant.parse("2026-11-20T13:30:00Z");
        assertThat(duties.authorityDue(aware)).isEqualTo("2026-11-23T13:30:00Z");
        assertThat(duties.clocks(aware, null, true, aware))
                .extracting(Obligations.Clock::id)
                .containsExactly("GDPR-33-1", "GDPR-33-2", "GDPR-33-5");
        assertThat(duties.clocks(aware, null, false, aware.plus(Duration.ofHours(73))))
                .extracting(Obligations.Clock::state)
                .containsExactly("late", null);
    }
}
