package dk.elleve.audit.capture;

import static dk.elleve.kit.test.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.kit.test.Rig;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/// Who may log in to a cluster, on one that is set up as in earnest.
class HumanAccessTest {

    private static final String PERSON = "person_of_the_test";
    private static final String PASSWORD = "not-a-secret";

    @AfterEach
    void leaveNobodyBehind() throws SQLException {
        superuser("""
                DO $$ BEGIN
                  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'person_of_the_test') THEN
                    DROP OWNED BY person_of_the_test;
                    DROP ROLE person_of_the_test;
                  END IF;
                END $$
                """);
    }

    @Test
    void a_cluster_as_it_is_set_up_lets_no_person_in() throws SQLException {
        assertThat(measured())
                .containsEntry("elleve.audit.access.standing.grants", 0.0)
                .containsEntry("elleve.audit.access.grants.open", 0.0)
                .containsEntry("elleve.audit.access.grants.left", 0.0)
                .containsEntry("elleve.audit.access.sessions.overstaying", 0.0);
    }

    @Test
    void exactly_the_roles_that_setting_up_makes_are_declared() throws SQLException {
        assertThat(source().roles().stream()
                        .filter(DatabaseRole::mayLogIn)
                        .map(DatabaseRole::name)
                        .toList())
                .containsExactlyInAnyOrderElementsOf(declared().serviceRoles());
    }

    @Test
    void a_login_without_an_end_is_standing_access() throws SQLException {
        superuser("CREATE ROLE " + PERSON + " LOGIN");
        assertThat(measured()).containsEntry("elleve.audit.access.standing.grants", 1.0);

        superuser("ALTER ROLE " + PERSON + " VALID UNTIL 'infinity'");
        assertThat(measured())
                .containsEntry("elleve.audit.access.standing.grants", 1.0)
                .containsEntry("elleve.audit.access.grants.open", 0.0);

        superuser("ALTER ROLE " + PERSON + " NOLOGIN");
        assertThat(measured()).containsEntry("elleve.audit.access.standing.grants", 0.0);
    }

    @Test
    void a_login_that_ends_by_itself_is_an_open_grant_until_then() throws SQLException {
        superuser("CREATE ROLE " + PERSON + " LOGIN");
        validFor("30 minutes");
        assertThat(measured())
                .containsEntry("elleve.audit.access.standing.grants", 0.0)
                .containsEntry("elleve.audit.access.grants.open", 1.0)
                .hasEntrySatisfying(
                        "elleve.audit.access.grants.left",
                        left -> assertThat(left).isBetween(1_700.0, 1_800.0));

        validFor("-1 second");
        assertThat(measured())
                .containsEntry("elleve.audit.access.grants.open", 0.0)
                .containsEntry("elleve.audit.access.grants.left", 0.0);
    }

    @Test
    void whoever_is_still_there_when_the_grant_has_ended_is_counted() throws SQLException {
        superuser("CREATE ROLE " + PERSON + " LOGIN PASSWORD '" + PASSWORD + "'");
        superuser("GRANT CONNECT ON DATABASE postgres TO " + PERSON);
        validFor("1 hour");
        try (var session = DriverManager.getConnection(Rig.postgres().url("postgres"), PERSON, PASSWORD)) {
            assertThat(measured()).containsEntry("elleve.audit.access.sessions.overstaying", 0.0);

            validFor("-1 second");
            assertThat(measured()).containsEntry("elleve.audit.access.sessions.overstaying", 1.0);

            superuser("DROP OWNED BY " + PERSON);
            superuser("DROP ROLE " + PERSON);
            assertThat(measured()).containsEntry("elleve.audit.access.sessions.overstaying", 1.0);
            assertThat(session.isValid(5)).as("PostgreSQL lets it stay").isTrue();
        }
        until(
                "the session has left",
                HumanAccessTest::measured,
                found -> Double.valueOf(0).equals(found.get("elleve.audit.access.sessions.overstaying")));
    }

    @Test
    void a_name_is_no_service_for_sounding_like_one() {
        assertThat(HumanAccess.of(
                        List.of(login("audit_service", null), login("audit_service2", null)), Set.of("audit_service")))
                .isEqualTo(new HumanAccess(1, 0, 0, 0));
    }

    @Test
    void of_several_grants_the_longest_is_told() {
        assertThat(HumanAccess.of(List.of(login("a", 60.0), login("b", 3_600.0), login("c", -1.0)), Set.of()))
                .isEqualTo(new HumanAccess(0, 2, 3_600, 1));
    }

    @Test
    void a_cluster_that_cannot_be_asked_is_no_cluster_without_people() {
        var nowhere = new CaptureProperties.Endpoint("127.0.0.1", 1, "audit_capture", "x");

        assertThatThrownBy(() -> measured(nowhere))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot be looked at");
    }

    private static DatabaseRole login(String name, @Nullable Double left) {
        return new DatabaseRole(name, true, left, 1);
    }

    private static void validFor(String time) throws SQLException {
        superuser("DO $$ BEGIN EXECUTE format('ALTER ROLE " + PERSON
                + " VALID UNTIL %L', clock_timestamp() + interval '" + time + "'); END $$");
    }

    private static void superuser(String sql) throws SQLException {
        try (var connection = Rig.postgres().superuser("postgres").getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static CaptureProperties.Endpoint endpoint() {
        var server = Rig.postgres();
        return new CaptureProperties.Endpoint(
                server.address().host(),
                server.address().port(),
                "audit_capture",
                server.secrets().password("audit_capture"));
    }

    private static SourceDatabase source() {
        return new SourceDatabase(endpoint(), "breach");
    }

    /// What is declared where no setting says otherwise.
    private static HumanAccessProperties declared() {
        return new Binder(new MapConfigurationPropertySource(Map.of()))
                .bindOrCreate("elleve.audit.access", HumanAccessProperties.class);
    }

    private static Map<String, Double> measured() {
        return measured(endpoint());
    }

    private static Map<String, Double> measured(CaptureProperties.Endpoint endpoint) {
        var found = new HashMap<String, Double>();
        new HumanAccessSampler(new CaptureProperties(List.of("breach"), Map.of(), endpoint), declared())
                .sample((measure, value, labels) -> found.put(measure.name(), value));
        return found;
    }
}
