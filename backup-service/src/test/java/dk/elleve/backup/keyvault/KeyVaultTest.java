package dk.elleve.backup.keyvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dk.elleve.backup.BackupRig;
import dk.elleve.backup.FaultyVault;
import dk.elleve.backup.MemoryVault;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.vault.KeyRing;
import dk.elleve.backup.vault.RewrapProgress;
import dk.elleve.backup.vault.Rewrapped;
import dk.elleve.backup.vault.Vault;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.vault.VaultProblem;
import dk.elleve.kit.test.MovingClock;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Against a server of ours that speaks as a key vault does; see [KeyVaultServer].
class KeyVaultTest {

    private static final String CLUSTER = "7500000000000000001";
    private static final String PATH = "clusters/" + CLUSTER + "/";
    private static final int KEYS = 20;

    private final MovingClock clock = MovingClock.at("2026-11-29T12:00:00Z");
    private final KeyVaultServer server = new KeyVaultServer(clock);
    private final String first = server.createVersion();
    private final MemoryVault blobs = new MemoryVault();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void data_keys_are_wrapped_under_the_current_version_and_open_in_another_process() {
        fill(cluster(blobs, kept()));

        var another = cluster(blobs, kept());
        another.unlock();

        for (var i = 0; i < KEYS; i++) {
            assertThat(another.get("object-" + i)).isEqualTo(new byte[] {(byte) i});
        }
        assertThat(another.keyStatus().isSettled()).isTrue();
    }

    @Test
    void the_key_vault_is_asked_a_few_times_and_not_for_each_data_key() {
        fill(cluster(blobs, kept()));
        assertThat(server.calls())
                .containsOnly(
                        Map.entry("versions", 1),
                        Map.entry("get", 1),
                        Map.entry("wrapkey", 1),
                        Map.entry("sign", 1),
                        Map.entry("unwrapkey", 1));

        var another = cluster(blobs, kept());
        another.unlock();
        for (var i = 0; i < KEYS; i++) {
            another.get("object-" + i);
        }

        assertThat(server.calls())
                .containsEntry("versions", 2)
                .containsEntry("get", 2)
                .containsEntry("unwrapkey", 2)
                .containsEntry("wrapkey", 1);
    }

    @Test
    void a_process_that_starts_again_goes_on_with_the_key_in_between_that_is_there() {
        fill(cluster(blobs, kept()));
        for (var start = 0; start < 5; start++) {
            var again = cluster(blobs, kept());
            again.unlock();
            again.putIfAbsent("wal-" + start, "segment-" + start, new byte[] {1});
        }
        var before = server.calls().get("unwrapkey");

        var restore = cluster(blobs, kept());
        restore.unlock();
        for (var start = 0; start < 5; start++) {
            restore.get("segment-" + start);
        }

        assertThat(server.calls()).containsEntry("wrapkey", 1).containsEntry("unwrapkey", before + 1);
    }

    @Test
    void a_version_can_be_named() {
        fill(cluster(blobs, named(KeyVaultServer.KEY + "/" + first)));
        server.createVersion();

        var vault = cluster(blobs, named(KeyVaultServer.KEY + "/" + first));

        vault.unlock();
        assertThat(vault.keyStatus().isSettled()).isTrue();
        assertThat(server.calls()).doesNotContainKey("versions");
    }

    @Test
    void from_a_key_in_the_settings_to_a_key_vault_and_back() {
        fill(cluster(blobs, KeyRing.of(BackupRig.KEY)));

        var there = cluster(blobs, ring(KeyVaultServer.KEY, "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="))
                .rewrap(RewrapProgress.NONE);
        assertThat(there).isEqualTo(new Rewrapped(KEYS, KEYS, 0, true));
        assertThatEverythingOpensWith(kept());
        assertFails(
                        VaultProblem.WRONG_KEY,
                        () -> cluster(blobs, KeyRing.of(BackupRig.KEY)).unlock())
                .hasMessageContaining(KeyVaultServer.KEY + "/" + first)
                .hasMessageContaining(BackupRig.KEY.fingerprint());

        var back = cluster(blobs, ring("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", KeyVaultServer.KEY))
                .rewrap(RewrapProgress.NONE);
        assertThat(back.complete()).isTrue();
        assertThatEverythingOpensWith(KeyRing.of(BackupRig.KEY));
    }

    @Test
    void a_new_version_is_found_and_everything_is_wrapped_by_it() {
        var masters = kept();
        var vault = cluster(blobs, masters);
        fill(vault);
        var before = vault.keyStatus().current();
        var second = server.createVersion();

        masters.look();
        var heard = new ArrayList<Integer>();
        var done = vault.rewrap((turned, keys) -> heard.add(turned));

        assertThat(done).isEqualTo(new Rewrapped(KEYS, KEYS, 0, true));
        assertThat(heard).hasSize(KEYS);
        assertThat(vault.keyStatus().current()).isNotEqualTo(before);
        assertThat(vault.keyStatus().isSettled()).isTrue();
        assertThatEverythingOpensWith(named(KeyVaultServer.KEY + "/" + second));
        // The old version is not needed any more.
        server.enable(first, false);
        assertThatEverythingOpensWith(kept());
    }

    @Test
    void a_process_that_has_not_heard_of_a_new_version_looks_when_it_meets_it() {
        var late = cluster(blobs, kept());
        fill(late);
        server.createVersion();
        cluster(blobs, kept()).rewrap(RewrapProgress.NONE);
        cluster(blobs, kept()).putIfAbsent("full-new", "object-new", new byte[] {1});

        assertThat(late.get("object-new")).containsExactly(1);
    }

    @Test
    void disabling_the_newest_version_brings_everything_back_to_the_one_before() {
        var masters = kept();
        var vault = cluster(blobs, masters);
        fill(vault);
        var second = server.createVersion();
        masters.look();
        vault.rewrap(RewrapProgress.NONE);

        server.enable(second, false);
        masters.look();
        var done = vault.rewrap(RewrapProgress.NONE);

        assertThat(done.complete()).isTrue();
        assertThatEverythingOpensWith(named(KeyVaultServer.KEY + "/" + first));
    }

    @Test
    void a_wrapped_key_under_another_name_is_refused() {
        fill(cluster(blobs, kept()));
        var one = name("full-1");
        var two = name("full-2");
        var bytes = blobs.get(one).orElseThrow();
        blobs.overwrite(one, blobs.get(two).orElseThrow());
        blobs.overwrite(two, bytes);

        var vault = cluster(blobs, kept());

        assertFails(VaultProblem.DAMAGED, () -> vault.get("object-1")).hasMessageContaining("keys/full-1");
        assertFails(VaultProblem.DAMAGED, () -> vault.get("object-2")).hasMessageContaining("keys/full-2");
    }

    @Test
    void a_wrapped_key_of_another_cluster_is_refused() {
        fill(cluster(blobs, kept()));
        var theirs = new ClusterVault(blobs, kept(), "8");
        theirs.putIfAbsent("full-1", "object-1", new byte[] {1});
        blobs.overwrite(
                name("full-1").replace(CLUSTER, "8"), blobs.get(name("full-1")).orElseThrow());

        assertFails(VaultProblem.DAMAGED, () -> new ClusterVault(blobs, kept(), "8").get("object-1"));
    }

    @Test
    void every_changed_byte_of_a_wrapped_key_is_refused() {
        fill(cluster(blobs, kept()));
        var name = name("full-1");
        var good = blobs.get(name).orElseThrow();
        var opened = kept();
        cluster(blobs, opened).get("object-2");

        for (var at = 0; at < good.length; at++) {
            var bad = good.clone();
            bad[at] ^= 1;
            blobs.overwrite(name, bad);
            // The head of another is known already: what is changed must not be taken for it.
            var vault = cluster(blobs, opened);
            assertFails(VaultProblem.DAMAGED, () -> vault.get("object-1"));
        }
    }

    /// Who can write to the storage and knows the public key, which is no secret, must not be able to put a data key
    /// of his own there.
    @Test
    void a_data_key_that_somebody_wraps_by_the_public_key_alone_is_refused() throws Exception {
        fill(cluster(blobs, kept()));
        var name = name("full-1");
        var good = blobs.get(name).orElseThrow();
        var theirs = KeyVaultServer.wrapped(server.publicKey(first), new byte[32]);
        // Behind magic, fingerprint, magic and the id lies the key in between, as long as the modulus.
        var at = 5 + 16 + 5 + 2 + (KeyVaultServer.KEY + "/" + first).length() + 2;
        var forged = good.clone();
        System.arraycopy(theirs, 0, forged, at, theirs.length);
        blobs.overwrite(name, forged);

        assertFails(VaultProblem.DAMAGED, () -> cluster(blobs, kept()).get("object-1"));
    }

    @Test
    void a_disabled_version_is_named_before_anything_is_touched() {
        fill(cluster(blobs, kept()));
        server.enable(first, false);
        server.createVersion();

        assertNothingIsTouched(VaultProblem.KEY_UNUSABLE, kept())
                .hasMessageContaining(KeyVaultServer.KEY + "/" + first)
                .hasMessageContaining("disabled");
    }

    @Test
    void a_key_of_which_all_versions_are_disabled_is_named_before_anything_is_touched() {
        fill(cluster(blobs, kept()));
        server.enable(first, false);

        assertNothingIsTouched(VaultProblem.KEY_UNUSABLE, kept())
                .hasMessageContaining(KeyVaultServer.KEY)
                .hasMessageContaining("all of its 1 versions are disabled");
        server.enable(first, true);
        assertThatEverythingOpensWith(kept());
    }

    @Test
    void a_deleted_key_is_named_before_anything_is_touched_and_works_again_when_it_is_recovered() {
        fill(cluster(blobs, kept()));
        server.delete(true);

        assertNothingIsTouched(VaultProblem.KEY_UNUSABLE, kept())
                .hasMessageContaining(KeyVaultServer.KEY)
                .hasMessageContaining("can be recovered until it is purged");

        server.delete(false);
        assertThatEverythingOpensWith(kept());
    }

    @Test
    void who_may_not_use_the_key_is_told_so() {
        fill(cluster(blobs, kept()));
        server.forbid(true);

        assertNothingIsTouched(VaultProblem.KEY_UNUSABLE, kept())
                .hasMessageContaining("Key Vault Crypto User")
                .hasMessageContaining("ForbiddenByRbac");
    }

    @Test
    void another_key_is_the_wrong_one_and_both_are_named() {
        fill(cluster(blobs, kept()));
        var second = server.createVersion();
        var other = named(KeyVaultServer.KEY + "/" + second);

        assertNothingIsTouched(VaultProblem.WRONG_KEY, other)
                .hasMessageContaining(KeyVaultServer.KEY + "/" + first)
                .hasMessageContaining(other.fingerprints().getFirst());
    }

    @Test
    void a_former_key_that_is_gone_matters_only_when_it_is_needed() {
        server.delete(true);
        var ring = ring("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", KeyVaultServer.KEY);
        fill(cluster(blobs, KeyRing.of(BackupRig.KEY)));
        cluster(blobs, ring).unlock();

        server.delete(false);
        cluster(blobs, kept()).putIfAbsent("theirs", "theirs", new byte[] {1});
        server.delete(true);
        ring.look();

        assertNothingIsTouched(VaultProblem.WRONG_KEY, ring)
                .hasMessageContaining("can be recovered until it is purged");
    }

    @Test
    void a_key_that_is_too_short_is_not_used() {
        server.createVersion(2048);

        assertFails(VaultProblem.KEY_UNUSABLE, () -> fill(cluster(blobs, kept())))
                .hasMessageContaining("2048 bits");
        assertThat(blobs.list("")).isEmpty();
    }

    @Test
    void a_key_that_is_disabled_later_wraps_no_new_data_key() {
        var vault = cluster(blobs, kept());
        fill(vault);
        server.enable(first, false);

        clock.advance(Duration.ofMinutes(61));

        assertFails(VaultProblem.KEY_UNUSABLE, () -> vault.putIfAbsent("wal-late", "late", new byte[] {1}))
                .hasMessageContaining("disabled");
        assertThat(blobs.list(PATH + "late")).isEmpty();
        assertThat(vault.get("object-1")).containsExactly(1);
        server.enable(first, true);
        vault.putIfAbsent("wal-late", "late", new byte[] {1});
    }

    @Test
    void a_key_vault_that_is_away_later_stops_nothing() {
        var vault = cluster(blobs, kept());
        fill(vault);
        server.close();

        clock.advance(Duration.ofMinutes(61));
        vault.putIfAbsent("wal-late", "late", new byte[] {1});

        assertThat(vault.get("late")).containsExactly(1);
    }

    @Test
    void what_is_throttled_or_unavailable_is_tried_again() {
        fill(cluster(blobs, kept()));
        server.fail(429, 503, 500);
        var vault = cluster(blobs, kept());
        vault.unlock();
        server.fail(503);

        assertThat(vault.get("object-1")).containsExactly(1);
    }

    @Test
    void a_key_vault_that_stays_unavailable_is_out_of_reach_and_not_wrong() {
        fill(cluster(blobs, kept()));
        server.fail(503, 503, 503, 503, 503, 503);

        assertNothingIsTouched(VaultProblem.UNREACHABLE, kept())
                .hasMessageContaining(KeyVaultServer.KEY)
                .hasMessageContaining("503");
    }

    @Test
    void a_key_vault_that_does_not_answer_is_out_of_reach_and_not_wrong() {
        fill(cluster(blobs, kept()));
        var masters = kept();
        server.close();

        assertNothingIsTouched(VaultProblem.UNREACHABLE, masters)
                .hasMessageContaining(KeyVaultServer.KEY)
                .hasMessageContaining("out of reach");
    }

    @Test
    void a_refused_sign_in_is_told_as_such() {
        fill(cluster(blobs, kept()));
        var stranger = KeyRing.ofSources(server.keyVaults("another-word").key(KeyVaultServer.KEY), List.of());

        assertNothingIsTouched(VaultProblem.KEY_UNUSABLE, stranger).hasMessageContaining("sign-in refuses us");
    }

    @Test
    void no_secret_is_logged_or_told_by_an_exception() throws Exception {
        var heard = new ListAppender<ILoggingEvent>();
        heard.start();
        var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        var azure = (Logger) LoggerFactory.getLogger("com.azure");
        var before = azure.getLevel();
        azure.setLevel(Level.INFO);
        root.addAppender(heard);
        var told = new StringWriter();
        try {
            var masters = kept();
            fill(cluster(blobs, masters));
            told.append(masters.toString());
            server.enable(first, false);
            fails(told, () -> cluster(blobs, kept()).unlock());
            server.delete(true);
            fails(told, () -> cluster(blobs, kept()).unlock());
            var stranger = KeyRing.ofSources(server.keyVaults("another-word").key(KeyVaultServer.KEY), List.of());
            fails(told, () -> cluster(blobs, stranger).unlock());
            server.close();
            fails(told, () -> cluster(blobs, kept()).unlock());
        } finally {
            root.detachAppender(heard);
            azure.setLevel(before);
        }
        heard.list.forEach(event -> {
            told.append(event.getFormattedMessage()).append(String.valueOf(event.getKeyValuePairs()));
            if (event.getThrowableProxy() != null) {
                told.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
        });
        assertThat(told.toString())
                .isNotEmpty()
                .doesNotContain(KeyVaultServer.SECRET)
                .doesNotContain("another-word")
                .doesNotContain("token-");
    }

    private static void fails(StringWriter told, ThrowingCallable call) throws Exception {
        assertThatThrownBy(call).satisfies(e -> e.printStackTrace(new PrintWriter(told)));
    }

    private KeyRing kept() {
        return named(KeyVaultServer.KEY);
    }

    /// A key as the settings name it, for a process of its own.
    private KeyRing named(String id) {
        return KeyRing.ofSources(server.keyVaults().key(id), List.of());
    }

    private KeyRing ring(String current, String... former) {
        var keyVaults = server.keyVaults();
        return KeyRing.ofSources(
                keyVaults.source(current),
                Arrays.stream(former).map(keyVaults::source).toList());
    }

    private static ClusterVault cluster(Vault storage, KeyRing masters) {
        return new ClusterVault(storage, masters, CLUSTER);
    }

    private static void fill(ClusterVault vault) {
        for (var i = 0; i < KEYS; i++) {
            vault.putIfAbsent("full-" + i, "object-" + i, new byte[] {(byte) i});
        }
    }

    private String name(String keyId) {
        return blobs.list(PATH + "keys/" + keyId + "/").getFirst();
    }

    private void assertThatEverythingOpensWith(KeyRing masters) {
        var vault = cluster(blobs, masters);
        vault.unlock();
        for (var i = 0; i < KEYS; i++) {
            assertThat(vault.get("object-" + i)).isEqualTo(new byte[] {(byte) i});
        }
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertNothingIsTouched(
            VaultProblem problem, KeyRing masters) {
        var counting = new FaultyVault(blobs);
        var told = assertFails(problem, () -> cluster(counting, masters).unlock());
        assertThat(counting.writes()).isZero();
        return told;
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertFails(
            VaultProblem problem, ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.problem()).isEqualTo(problem));
    }
}
