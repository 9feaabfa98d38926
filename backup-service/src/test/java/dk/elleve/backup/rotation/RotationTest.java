package dk.elleve.backup.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.FaultyVault;
import dk.elleve.backup.HookedVault;
import dk.elleve.backup.keyvault.KeyVaultServer;
import dk.elleve.backup.vault.BlobVault;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.vault.KeyRing;
import dk.elleve.backup.vault.Vault;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.vault.VaultProblem;
import dk.elleve.kit.blob.AzureBlobStore;
import dk.elleve.kit.test.MovingClock;
import dk.elleve.kit.test.Rig;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Against a real blob storage.
class RotationTest {

    private static final KeyRing NEW_AND_OLD = KeyRing.of(BackupRig.OTHER_KEY, List.of(BackupRig.KEY));

    private final Vault storage = new BlobVault(
            new AzureBlobStore(Rig.azurite().connectionString()),
            "rotation-" + UUID.randomUUID().toString().substring(0, 8));

    @BeforeEach
    void fill() {
        var vault = new ClusterVault(storage, BackupRig.KEY, "1");
        vault.putIfAbsent("full-1", "one", new byte[] {1});
        vault.putIfAbsent("full-2", "two", new byte[] {2});
    }

    @Test
    void with_a_former_key_configured_everything_is_wrapped_by_the_current_one() {
        var rotation = rotation(storage, NEW_AND_OLD);
        assertThat(rotation.state(rotation.status())).isEqualTo("mixed");

        rotation.turn();

        assertThat(rotation.state(rotation.status())).isEqualTo("current");
        assertThat(rotation.status().byCurrent()).isEqualTo(2);
        assertThat(rotation.last()).isPresent();
        assertThat(new ClusterVault(storage, BackupRig.OTHER_KEY, "1").get("two"))
                .containsExactly(2);
    }

    @Test
    void without_a_former_key_nothing_is_done() {
        var counting = new FaultyVault(storage);
        var rotation = rotation(counting, KeyRing.of(BackupRig.KEY));

        rotation.turn();

        assertThat(counting.writes()).isZero();
        assertThat(rotation.last()).isEmpty();
        assertThat(rotation.state(rotation.status())).isEqualTo("current");
    }

    @Test
    void while_it_is_under_way_it_says_so() {
        var hooked = new HookedVault(storage);
        var rotation = rotation(hooked, NEW_AND_OLD);
        var seen = new StringBuilder();
        hooked.beforePut(name -> seen.append(rotation.state(rotation.status())).append(' '));

        rotation.turn();

        assertThat(seen.toString().strip()).isEqualTo("rewrapping rewrapping");
    }

    @Test
    void storage_that_is_away_is_tried_again() {
        var faulty = new FaultyVault(storage);
        var rotation = rotation(faulty, NEW_AND_OLD);
        faulty.away(true);
        rotation.turn();
        assertThat(rotation.last()).isEmpty();

        faulty.away(false);
        rotation.turn();

        assertThat(rotation.state(rotation.status())).isEqualTo("current");
    }

    @Test
    void storage_that_keeps_the_old_wrappings_is_not_asked_every_minute() {
        var kept = new HookedVault(storage);
        var refusals = new AtomicInteger();
        kept.beforeDelete(name -> {
            refusals.incrementAndGet();
            throw new VaultException(VaultProblem.IMMUTABLE, "a policy keeps '" + name + "'");
        });
        var rotation = rotation(kept, NEW_AND_OLD);

        rotation.turn();
        rotation.turn();

        assertThat(refusals).hasValue(2);
        assertThat(rotation.state(rotation.status())).isEqualTo("mixed");
        assertThat(rotation.status().isComplete()).isTrue();
        assertThat(rotation.last())
                .hasValueSatisfying(last -> assertThat(last.done().refused()).isEqualTo(2));
    }

    @Test
    void a_new_version_in_the_key_vault_is_found_within_minutes_and_everything_is_wrapped_by_it() {
        var clock = MovingClock.at("2026-11-29T12:00:00Z");
        try (var server = new KeyVaultServer(clock)) {
            server.createVersion();
            var masters = KeyRing.ofSources(
                    server.keyVaults().key(KeyVaultServer.KEY), List.of(() -> List.of(BackupRig.KEY)));
            var rotation = new Rotation(new ClusterVault(storage, masters, "1"), masters, clock);
            rotation.turn();
            assertThat(rotation.state(rotation.status())).isEqualTo("current");
            var before = rotation.status().current();
            server.createVersion();

            clock.advance(Duration.ofMinutes(5));
            rotation.turn();

            assertThat(rotation.status().current()).isNotEqualTo(before);
            assertThat(rotation.status().byCurrent()).isEqualTo(2);
            assertThat(rotation.state(rotation.status())).isEqualTo("current");
        }
    }

    @Test
    void a_key_vault_that_refuses_is_asked_again() {
        var clock = MovingClock.at("2026-11-29T12:00:00Z");
        try (var server = new KeyVaultServer(clock)) {
            server.createVersion();
            server.delete(true);
            var masters = KeyRing.ofSources(
                    server.keyVaults().key(KeyVaultServer.KEY), List.of(() -> List.of(BackupRig.KEY)));
            var rotation = new Rotation(new ClusterVault(storage, masters, "1"), masters, clock);
            rotation.turn();
            assertThat(rotation.last()).isEmpty();

            server.delete(false);
            rotation.turn();

            assertThat(rotation.state(rotation.status())).isEqualTo("current");
        }
    }

    private static Rotation rotation(Vault storage, KeyRing masters) {
        return new Rotation(new ClusterVault(storage, masters, "1"), masters, Clock.systemUTC());
    }
}
