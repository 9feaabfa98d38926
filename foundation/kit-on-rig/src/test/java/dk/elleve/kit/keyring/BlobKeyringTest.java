package dk.elleve.kit.keyring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.contracts.TenantId;
import dk.elleve.kit.blob.AzureBlobStore;
import dk.elleve.kit.blob.BlobStore;
import dk.elleve.kit.test.MovingClock;
import dk.elleve.kit.test.Rig;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class BlobKeyringTest {

    final BlobStore blobs = new AzureBlobStore(Rig.azurite().connectionString());
    final MovingClock clock = MovingClock.at("2026-11-24T12:00:00Z");
    final BlobKeyring keyring = new BlobKeyring(blobs, master(1), clock);

    static com.google.crypto.tink.Aead master(int seed) {
        var key = new byte[32];
        key[0] = (byte) seed;
        return MasterKey.aead(Base64.getEncoder().encodeToString(key));
    }

    @Test
    void a_key_made_twice_is_one_key_and_opens_what_it_sealed() throws GeneralSecurityException {
        var tenant = new TenantId("keys-twice");
        var first = keyring.create(tenant);
        var second = new BlobKeyring(blobs, master(1), clock).create(tenant);

        assertThat(second.id()).isEqualTo(first.id());
        var sealed = first.aead("field/x").encrypt(new byte[] {42}, new byte[0]);
        assertThat(second.aead("field/x").decrypt(sealed, new byte[0])).containsExactly(42);
        assertThatThrownBy(() -> second.aead("field/y").decrypt(sealed, new byte[0]))
                .isInstanceOf(GeneralSecurityException.class);
        assertThat(first.toString()).contains("***");
    }

    @Test
    void a_destroyed_key_is_gone_everywhere_within_a_minute() {
        var tenant = new TenantId("keys-gone");
        keyring.create(tenant);
        var elsewhere = new BlobKeyring(blobs, master(1), clock);
        assertThat(elsewhere.find(tenant)).isPresent();

        keyring.destroy(tenant);

        assertThat(keyring.find(tenant)).isEmpty();
        clock.advance(Duration.ofSeconds(61));
        assertThat(elsewhere.find(tenant)).isEmpty();
        assertThatThrownBy(() -> elsewhere.require(tenant)).isInstanceOf(Keyring.KeyGone.class);
    }

    @Test
    void another_master_key_or_another_tenants_object_does_not_open() {
        var tenant = new TenantId("keys-mine");
        keyring.create(tenant);
        assertThatThrownBy(() -> new BlobKeyring(blobs, master(2), clock).find(tenant))
                .isInstanceOf(Keyring.WrongMasterKey.class)
                .hasMessageContaining("keys-mine");

        var object = blobs.get(BlobKeyring.CONTAINER, "keys-mine.key").orElseThrow();
        blobs.put(BlobKeyring.CONTAINER, "keys-theirs.key", object);
        assertThatThrownBy(() -> keyring.find(new TenantId("keys-theirs"))).isInstanceOf(Keyring.WrongMasterKey.class);
    }

    @Test
    void many_instances_that_make_one_key_at_once_agree() throws Exception {
        var tenant = new TenantId("keys-race");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var go = new CountDownLatch(1);
            var made = new ArrayList<Future<TenantKey>>();
            for (int i = 0; i < 8; i++) {
                var instance = new BlobKeyring(blobs, master(1), clock);
                made.add(threads.submit(() -> {
                    go.await();
                    return instance.create(tenant);
                }));
            }
            go.countDown();
            for (var key : made) {
                assertThat(key.get().id()).isEqualTo(made.getFirst().get().id());
                assertThat(key.get().derive("x"))
                        .isEqualTo(made.getFirst().get().derive("x"));
            }
        }
    }

    @Test
    void a_key_that_nobody_asks_for_leaves_the_memory_within_a_minute() {
        var tenant = new TenantId("keys-idle");
        keyring.create(tenant);
        assertThat(keyring.held()).isEqualTo(1);

        clock.advance(Duration.ofSeconds(59));
        keyring.forgetOld();
        assertThat(keyring.held()).isEqualTo(1);

        clock.advance(Duration.ofSeconds(2));
        keyring.forgetOld();
        assertThat(keyring.held()).isZero();
        assertThat(keyring.find(tenant)).isPresent();
    }

    @Test
    void a_key_that_is_destroyed_and_made_again_opens_nothing_of_the_old_one() throws GeneralSecurityException {
        var tenant = new TenantId("keys-again");
        var sealed = keyring.create(tenant).aead("field/x").encrypt(new byte[] {42}, new byte[0]);
        keyring.destroy(tenant);
        keyring.destroy(tenant);

        var again = keyring.create(tenant);

        assertThatThrownBy(() -> again.aead("field/x").decrypt(sealed, new byte[0]))
                .isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void a_master_key_that_is_no_key_is_refused_without_being_repeated() {
        for (var wrong : new String[] {"", "not base64 4711!", "NDcxMQ==", "QUFB".repeat(20)}) {
            assertThatThrownBy(() -> MasterKey.aead(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("elleve.master-key")
                    .satisfies(refused -> assertThat(String.valueOf(refused) + refused.getCause())
                            .doesNotContain("4711", "NDcxMQ", "QUFBQUFB"));
        }
    }
}
