package dk.elleve.backup.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.kit.blob.BlobPlace;
import dk.elleve.kit.blob.BlobStore.BlobStorageAway;
import dk.elleve.kit.residency.Residency;
import dk.elleve.kit.residency.ResidencyProperties;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResidenceTest {

    private static final String HOST = "vault.blob.core.windows.net";
    private static final String AMSTERDAM = "blob.ams07prdstr05a.store.core.windows.net";
    private static final String ELSEWHERE = "blob.bl6prdstr01a.store.core.windows.net";
    private static final BlobPlace PLAIN = new BlobPlace(HOST, true, AMSTERDAM, "Standard_ZRS");

    @Test
    void a_vault_in_an_allowed_region_may_be_written_to() {
        assertThat(Residence.objection(declared(Map.of("blob", "westeurope")), PLAIN, AMSTERDAM))
                .isEmpty();
    }

    @Test
    void a_region_that_is_not_allowed_is_refused_without_asking_anybody() {
        var residence = residence(Map.of("blob", "eastus"), () -> {
            throw new AssertionError("nobody is to be asked");
        });

        assertThat(residence.objection())
                .hasValueSatisfying(reason -> assertThat(reason).contains("eastus"));
        assertThat(residence(Map.of(), () -> PLAIN).objection()).isPresent();
    }

    @Test
    void a_host_that_leads_elsewhere_than_at_the_start_is_refused() {
        var moved = new BlobPlace(HOST, true, ELSEWHERE, "Standard_ZRS");

        assertThat(Residence.objection(declared(Map.of("blob", "westeurope")), moved, AMSTERDAM))
                .hasValueSatisfying(reason -> assertThat(reason).contains(AMSTERDAM, ELSEWHERE));
    }

    @Test
    void a_name_service_that_does_not_answer_is_no_objection() {
        var silent = new BlobPlace(HOST, true, null, "Standard_ZRS");

        assertThat(Residence.objection(declared(Map.of("blob", "westeurope")), silent, AMSTERDAM))
                .isEmpty();
    }

    @Test
    void a_host_without_tls_is_refused() {
        var open = new BlobPlace(HOST, false, AMSTERDAM, "Standard_ZRS");

        assertThat(Residence.objection(declared(Map.of("blob", "westeurope")), open, AMSTERDAM))
                .hasValueSatisfying(reason -> assertThat(reason).contains("TLS"));
    }

    @Test
    void a_copy_in_a_second_region_must_be_declared_and_allowed() {
        var doubled = new BlobPlace(HOST, true, AMSTERDAM, "Standard_RAGRS");

        assertThat(Residence.objection(declared(Map.of("blob", "westeurope")), doubled, AMSTERDAM))
                .hasValueSatisfying(reason -> assertThat(reason).contains("elleve.residency.regions.blob-replica"));
        assertThat(Residence.objection(
                        declared(Map.of("blob", "westeurope", "blob-replica", "eastus")), doubled, AMSTERDAM))
                .hasValueSatisfying(reason -> assertThat(reason).contains("eastus"));
        assertThat(Residence.objection(
                        declared(Map.of("blob", "westeurope", "blob-replica", "northeurope")), doubled, AMSTERDAM))
                .isEmpty();
    }

    @Test
    void on_this_machine_there_is_nothing_to_ask_for() {
        var local = new Residency(new ResidencyProperties(List.of(), Map.of("blob", "local")), List.of(), true);

        assertThat(Residence.objection(local, new BlobPlace("127.0.0.1", false, null, "Standard_RAGRS"), null))
                .isEmpty();
    }

    @Test
    void an_answer_counts_for_a_minute_and_a_change_is_seen_after_it() {
        var clock = new Hand();
        var asked = new AtomicInteger();
        var place = new Object() {
            BlobPlace now = PLAIN;
        };
        var residence = new Residence(
                declared(Map.of("blob", "westeurope")),
                () -> {
                    asked.incrementAndGet();
                    return place.now;
                },
                clock);

        assertThat(residence.objection()).isEmpty();
        place.now = new BlobPlace(HOST, true, ELSEWHERE, "Standard_ZRS");
        clock.forward(Duration.ofSeconds(59));
        assertThat(residence.objection()).isEmpty();
        assertThat(asked).hasValue(1);

        clock.forward(Duration.ofSeconds(1));

        assertThat(residence.objection()).isPresent();
        assertThat(asked).hasValue(2);
        assertThat(residence.facts())
                .containsEntry("blob.host", HOST)
                .containsEntry("blob.alias", ELSEWHERE)
                .containsEntry("blob.redundancy", "Standard_ZRS");
        place.now = PLAIN;
        clock.forward(Duration.ofMinutes(1));
        assertThat(residence.objection()).isEmpty();
    }

    @Test
    void without_an_answer_nothing_is_written() {
        var residence = residence(Map.of("blob", "westeurope"), () -> {
            throw new BlobStorageAway("away", new IllegalStateException());
        });

        assertThatThrownBy(residence::objection)
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.problem()).isEqualTo(VaultProblem.UNREACHABLE));
    }

    private static Residence residence(Map<String, String> regions, Supplier<BlobPlace> ask) {
        return new Residence(declared(regions), ask, new Hand());
    }

    private static Residency declared(Map<String, String> regions) {
        return new Residency(new ResidencyProperties(List.of("westeurope", "northeurope"), regions), List.of(), false);
    }

    /// A clock that is moved by hand.
    private static final class Hand extends Clock {

        private Instant now = Instant.parse("2026-11-24T12:00:00Z");

        void forward(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(@Nullable ZoneId zone) {
            return this;
        }
    }
}
