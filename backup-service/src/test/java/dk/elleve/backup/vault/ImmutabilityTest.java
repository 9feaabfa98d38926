package dk.elleve.backup.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.backup.vault.Immutability.State;
import dk.elleve.kit.blob.AzureBlobStore;
import dk.elleve.kit.blob.BlobProtection;
import dk.elleve.kit.blob.BlobStore.BlobStorageAway;
import dk.elleve.kit.test.Rig;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ImmutabilityTest {

    private static final Instant UNTIL = Instant.parse("2027-01-01T00:00:00Z");

    @Test
    void a_storage_that_knows_no_immutability_is_called_unsupported() {
        assertThat(state(new BlobProtection(false, false, false, false, false, null, false, null)))
                .isEqualTo(State.UNSUPPORTED);
    }

    @Test
    void a_container_with_nothing_on_it_has_none() {
        assertThat(state(new BlobProtection(true, false, false, false, false, null, true, 14)))
                .isEqualTo(State.NONE);
    }

    @Test
    void only_a_locked_policy_of_a_blob_is_called_locked() {
        assertThat(state(new BlobProtection(true, true, false, true, true, UNTIL, true, null)))
                .isEqualTo(State.LOCKED);
        assertThat(state(new BlobProtection(true, true, false, true, false, UNTIL, true, null)))
                .isEqualTo(State.UNLOCKED);
    }

    @Test
    void a_policy_of_the_container_is_not_called_locked_because_nobody_says_so() {
        assertThat(state(new BlobProtection(true, true, false, false, false, null, false, null)))
                .isEqualTo(State.UNLOCKED);
    }

    @Test
    void a_legal_hold_can_be_lifted() {
        assertThat(state(new BlobProtection(true, false, true, false, false, null, false, null)))
                .isEqualTo(State.UNLOCKED);
    }

    @Test
    void what_else_protects_is_shown_beside_it() {
        var seen = Immutability.of(new BlobProtection(true, true, true, true, true, UNTIL, true, 14));

        assertThat(seen).isEqualTo(new Immutability(State.LOCKED, UNTIL, true, true, 14));
    }

    @Test
    void azurite_is_looked_at_for_real() {
        var storage = new AzureBlobStore(Rig.azurite().connectionString());
        var watch = new ImmutabilityWatch(() -> storage.protection("immutability"));
        assertThat(watch.newest()).isEmpty();

        watch.look();

        assertThat(watch.newest())
                .hasValueSatisfying(seen -> assertThat(seen.state()).isEqualTo(State.UNSUPPORTED));
    }

    @Test
    void a_storage_that_is_away_leaves_what_was_seen() {
        var away = new Object() {
            boolean now;
        };
        var watch = new ImmutabilityWatch(() -> {
            if (away.now) {
                throw new BlobStorageAway("away", new IllegalStateException());
            }
            return new BlobProtection(true, false, false, false, false, null, false, null);
        });
        watch.look();
        away.now = true;

        watch.look();

        assertThat(watch.newest()).isPresent();
    }

    private static State state(BlobProtection told) {
        return Immutability.of(told).state();
    }
}
