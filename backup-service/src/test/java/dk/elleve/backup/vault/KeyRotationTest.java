package dk.elleve.backup.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.FaultyVault;
import dk.elleve.backup.HookedVault;
import dk.elleve.backup.MemoryVault;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRotationTest {

    private static final String CLUSTER = "7500000000000000001";
    private static final String PATH = "clusters/" + CLUSTER + "/";
    private static final int KEYS = 4;

    private static final KeyRing OLD = KeyRing.of(BackupRig.KEY);
    private static final KeyRing NEW = KeyRing.of(BackupRig.OTHER_KEY);
    private static final KeyRing NEW_AND_OLD = KeyRing.of(BackupRig.OTHER_KEY, List.of(BackupRig.KEY));
    private static final KeyRing OLD_AND_NEW = KeyRing.of(BackupRig.KEY, List.of(BackupRig.OTHER_KEY));
    private static final String OLD_PRINT = BackupRig.KEY.fingerprint();
    private static final String NEW_PRINT = BackupRig.OTHER_KEY.fingerprint();

    private final MemoryVault blobs = filled();

    @Test
    void after_a_rotation_the_new_key_alone_opens_everything_and_the_old_one_nothing() {
        var heard = new ArrayList<Integer>();

        var done = cluster(blobs, NEW_AND_OLD).rewrap((turned, keys) -> heard.add(turned));

        assertThat(done).isEqualTo(new Rewrapped(KEYS, KEYS, 0, true));
        assertThat(heard).containsExactly(1, 2, 3, 4);
        assertThatEverythingOpensWith(blobs, NEW);
        assertThatThrownBy(() -> cluster(blobs, OLD).unlock())
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.problem()).isEqualTo(VaultProblem.WRONG_KEY))
                .hasMessageContaining(OLD_PRINT)
                .hasMessageContaining(NEW_PRINT);
        assertThat(cluster(blobs, NEW).keyStatus().isSettled()).isTrue();
    }

    @Test
    void a_rotation_touches_no_object() {
        var before = blobs.get(PATH + "object-0").orElseThrow();

        cluster(blobs, NEW_AND_OLD).rewrap(RewrapProgress.NONE);

        assertThat(blobs.get(PATH + "object-0")).hasValue(before);
        assertThat(cluster(blobs, NEW).keyIds()).containsExactly("full-0", "full-1", "full-2", "full-3");
    }

    @Test
    void during_a_rotation_new_keys_are_wrapped_by_the_current_one_and_old_objects_open() {
        var vault = cluster(blobs, NEW_AND_OLD);
        vault.unlock();

        vault.putIfAbsent("wal-2026-11-24", "segment", new byte[] {7});

        assertThat(blobs.list(PATH + "keys/wal-2026-11-24/"))
                .containsExactly(PATH + "keys/wal-2026-11-24/" + NEW_PRINT);
        assertThatEverythingOpensWith(blobs, NEW_AND_OLD);
        assertThat(vault.keyStatus().byCurrent()).isEqualTo(1);
        assertThat(vault.keyStatus().byOthers()).containsEntry(OLD_PRINT, KEYS);
        assertThat(vault.keyStatus().isComplete()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_rotation_that_dies_at_any_write_leaves_every_key_readable_and_the_next_one_finishes(boolean afterTheWrite) {
        for (var write = 1; ; write++) {
            var storage = filled();
            var faulty = new FaultyVault(storage);
            faulty.dieAt(write, afterTheWrite);
            try {
                cluster(faulty, NEW_AND_OLD).rewrap(RewrapProgress.NONE);
                assertThat(faulty.isDead()).isFalse();
                assertThat(write).as("writes of a rotation").isEqualTo(2 * KEYS + 1);
                return;
            } catch (VaultException e) {
                assertThat(faulty.isDead()).isTrue();
            }
            assertThatEverythingOpensWith(storage, NEW_AND_OLD);
            // Nobody needs both keys: as long as one is missing of the new ones, all of the old ones are there.
            assertThatEverythingOpensWith(
                    storage, cluster(storage, NEW).keyStatus().isComplete() ? NEW : OLD);

            var next = cluster(storage, NEW_AND_OLD).rewrap(RewrapProgress.NONE);

            assertThat(next.complete()).isTrue();
            assertThat(cluster(storage, NEW).keyStatus().isSettled()).isTrue();
            assertThatEverythingOpensWith(storage, NEW);
        }
    }

    @Test
    void two_rotations_at_once_do_no_harm() throws Exception {
        for (var round = 0; round < 50; round++) {
            var storage = filled();

            atOnce(List.of(
                    () -> cluster(storage, NEW_AND_OLD).rewrap(RewrapProgress.NONE),
                    () -> cluster(storage, NEW_AND_OLD).rewrap(RewrapProgress.NONE)));

            assertThatEverythingOpensWith(storage, NEW);
        }
    }

    @Test
    void two_rotations_towards_different_keys_at_once_lose_none() throws Exception {
        for (var round = 0; round < 200; round++) {
            var storage = filled();

            atOnce(List.of(
                    () -> cluster(storage, NEW_AND_OLD).rewrap(RewrapProgress.NONE),
                    () -> cluster(storage, OLD_AND_NEW).rewrap(RewrapProgress.NONE),
                    () -> cluster(storage, NEW_AND_OLD).rewrap(RewrapProgress.NONE)));

            assertThatEverythingOpensWith(storage, NEW_AND_OLD);
            cluster(storage, NEW_AND_OLD).rewrap(RewrapProgress.NONE);
            assertThatEverythingOpensWith(storage, NEW);
        }
    }

    @Test
    void a_rotation_can_be_taken_back() {
        cluster(blobs, NEW_AND_OLD).rewrap(RewrapProgress.NONE);

        cluster(blobs, OLD_AND_NEW).rewrap(RewrapProgress.NONE);

        assertThatEverythingOpensWith(blobs, OLD);
        assertThat(cluster(blobs, OLD).keyStatus().isSettled()).isTrue();
    }

    @Test
    void a_second_run_has_nothing_to_write() {
        cluster(blobs, NEW_AND_OLD).rewrap(RewrapProgress.NONE);

        var again = cluster(blobs, NEW_AND_OLD).rewrap(RewrapProgress.NONE);

        assertThat(again).isEqualTo(new Rewrapped(0, 0, 0, true));
    }

    @Test
    void a_key_that_is_wrapped_by_a_stranger_is_told_before_anything_is_touched() {
        var stranger = MasterKey.fromBase64("c3RyYW5nZXJzdHJhbmdlcnN0cmFuZ2Vyc3RyYW5nZXI=");
        cluster(blobs, KeyRing.of(stranger)).putIfAbsent("zz-last", "theirs", new byte[] {1});
        var counting = new FaultyVault(blobs);

        assertThatThrownBy(() -> cluster(counting, NEW_AND_OLD).unlock())
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.problem()).isEqualTo(VaultProblem.WRONG_KEY))
                .hasMessageContaining(stranger.fingerprint())
                .hasMessageContaining(OLD_PRINT)
                .hasMessageContaining(NEW_PRINT);
        assertThat(counting.writes()).isZero();
    }

    @Test
    void a_stranger_s_key_keeps_the_old_wrappings_where_they_are() {
        var stranger = MasterKey.fromBase64("c3RyYW5nZXJzdHJhbmdlcnN0cmFuZ2Vyc3RyYW5nZXI=");
        cluster(blobs, KeyRing.of(stranger)).putIfAbsent("zz-last", "theirs", new byte[] {1});

        var done = cluster(blobs, NEW_AND_OLD).rewrap(RewrapProgress.NONE);

        assertThat(done).isEqualTo(new Rewrapped(KEYS, 0, 0, false));
        assertThat(cluster(blobs, OLD).get("object-0")).isEqualTo(new byte[] {0});
    }

    @Test
    void where_nothing_can_be_deleted_the_old_wrappings_stay_and_are_counted() {
        var kept = new HookedVault(blobs);
        kept.beforeDelete(refusing());

        var first = cluster(kept, NEW_AND_OLD).rewrap(RewrapProgress.NONE);
        var second = cluster(kept, NEW_AND_OLD).rewrap(RewrapProgress.NONE);

        assertThat(first).isEqualTo(new Rewrapped(KEYS, 0, KEYS, true));
        assertThat(second).isEqualTo(new Rewrapped(0, 0, KEYS, true));
        var status = cluster(kept, NEW_AND_OLD).keyStatus();
        assertThat(status.isComplete()).isTrue();
        assertThat(status.isSettled()).isFalse();
        assertThat(status.byOthers()).containsEntry(OLD_PRINT, KEYS);
        assertThatEverythingOpensWith(kept, NEW);
    }

    @Test
    void a_key_that_is_destroyed_during_a_rotation_does_not_come_back() {
        var hooked = new HookedVault(blobs);
        hooked.beforePut(name -> {
            if (name.endsWith("keys/full-2/" + NEW_PRINT + ".1")) {
                cluster(blobs, OLD).destroyKey("full-2");
            }
        });

        cluster(hooked, NEW_AND_OLD).rewrap(RewrapProgress.NONE);
        cluster(hooked, NEW_AND_OLD).rewrap(RewrapProgress.NONE);

        var vault = cluster(blobs, NEW_AND_OLD);
        assertThat(vault.keyIds()).containsExactly("full-0", "full-1", "full-3");
        assertThatThrownBy(() -> vault.get("object-2"))
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.problem()).isEqualTo(VaultProblem.MISSING));
        assertThat(vault.keyStatus().isSettled()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_destruction_that_dies_at_any_write_is_finished_by_whoever_comes_next(boolean afterTheWrite) {
        for (var write = 1; write <= 2; write++) {
            var storage = filled();
            var faulty = new FaultyVault(storage);
            faulty.dieAt(write, afterTheWrite);

            assertThatThrownBy(() -> cluster(faulty, OLD).destroyKey("full-1")).isInstanceOf(VaultException.class);
            // Sweepers go by the ids.
            if (cluster(storage, OLD).keyIds().contains("full-1")) {
                cluster(storage, OLD).destroyKey("full-1");
            }

            assertThat(cluster(storage, OLD).keyIds()).containsExactly("full-0", "full-2", "full-3");
        }
    }

    @Test
    void a_destroyed_key_s_name_is_not_used_again() {
        cluster(blobs, OLD).destroyKey("full-1");

        assertThatThrownBy(() -> cluster(blobs, OLD).putIfAbsent("full-1", "late", new byte[] {1}))
                .isInstanceOf(VaultException.class)
                .hasMessageContaining("was destroyed");
    }

    @Test
    void two_processes_with_different_keys_that_make_the_same_data_key_at_once_both_keep_theirs() {
        var hooked = new HookedVault(blobs);
        var late = cluster(hooked, OLD);
        hooked.beforePut(name -> {
            if (name.contains("/keys/wal-1/")) {
                hooked.beforePut(each -> {});
                cluster(blobs, NEW_AND_OLD).putIfAbsent("wal-1", "by-new", new byte[] {1});
            }
        });
        late.putIfAbsent("wal-1", "by-old", new byte[] {2});

        var both = cluster(blobs, NEW_AND_OLD);
        assertThat(both.get("by-old")).containsExactly(2);
        assertThat(both.get("by-new")).containsExactly(1);

        both.rewrap(RewrapProgress.NONE);

        assertThat(cluster(blobs, NEW).keyStatus().isSettled()).isTrue();
        assertThat(cluster(blobs, NEW).get("by-old")).containsExactly(2);
        assertThat(cluster(blobs, NEW).get("by-new")).containsExactly(1);
    }

    @Test
    void a_process_that_knows_one_of_two_keys_of_a_name_learns_of_the_other() {
        var early = cluster(blobs, NEW_AND_OLD);
        var hooked = new HookedVault(blobs);
        hooked.beforePut(name -> {
            if (name.contains("/keys/wal-1/")) {
                hooked.beforePut(each -> {});
                early.putIfAbsent("wal-1", "by-new", new byte[] {1});
            }
        });

        cluster(hooked, OLD).putIfAbsent("wal-1", "by-old", new byte[] {2});

        assertThat(early.get("by-old")).containsExactly(2);
    }

    @Test
    void keys_from_before_there_was_a_rotation_are_read_and_rotated() {
        for (var i = 0; i < KEYS; i++) {
            var name = PATH + "keys/full-" + i;
            blobs.overwrite(name, blobs.get(name + "/" + OLD_PRINT).orElseThrow());
            blobs.delete(name + "/" + OLD_PRINT);
        }
        assertThatEverythingOpensWith(blobs, OLD);
        assertThat(cluster(blobs, OLD).keyStatus().isSettled()).isTrue();

        cluster(blobs, NEW_AND_OLD).rewrap(RewrapProgress.NONE);

        assertThatEverythingOpensWith(blobs, NEW);
        assertThat(blobs.list(PATH + "keys/")).allMatch(name -> name.contains(NEW_PRINT));
    }

    @Test
    void a_damaged_wrapping_does_no_harm_while_there_is_a_whole_one() {
        var kept = new HookedVault(blobs);
        kept.beforeDelete(refusing());
        cluster(kept, NEW_AND_OLD).rewrap(RewrapProgress.NONE);
        var name = PATH + "keys/full-0/" + NEW_PRINT + ".1";
        var wrapped = blobs.get(name).orElseThrow();
        wrapped[wrapped.length - 1] ^= 1;
        blobs.overwrite(name, wrapped);

        assertThat(cluster(blobs, NEW_AND_OLD).get("object-0")).isEqualTo(new byte[] {0});
    }

    @Test
    void a_ring_shows_fingerprints_and_nothing_else() {
        assertThat(NEW_AND_OLD.toString())
                .contains("***", OLD_PRINT, NEW_PRINT)
                .doesNotContain("0123456789abcdef", "MDEyMzQ1");
        assertThat(KeyRing.of(BackupRig.KEY, List.of(BackupRig.KEY)).hasFormer())
                .isFalse();
    }

    private static MemoryVault filled() {
        var storage = new MemoryVault();
        var vault = cluster(storage, OLD);
        for (var i = 0; i < KEYS; i++) {
            vault.putIfAbsent("full-" + i, "object-" + i, new byte[] {(byte) i});
        }
        return storage;
    }

    private static ClusterVault cluster(Vault storage, KeyRing masters) {
        return new ClusterVault(storage, masters, CLUSTER);
    }

    private static void assertThatEverythingOpensWith(Vault storage, KeyRing masters) {
        var vault = cluster(storage, masters);
        vault.unlock();
        for (var i = 0; i < KEYS; i++) {
            assertThat(vault.get("object-" + i)).isEqualTo(new byte[] {(byte) i});
        }
    }

    private static Consumer<String> refusing() {
        return name -> {
            throw new VaultException(VaultProblem.IMMUTABLE, "a policy keeps '" + name + "'");
        };
    }

    private static void atOnce(List<Callable<Rewrapped>> runs) throws Exception {
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var result : pool.invokeAll(runs)) {
                result.get();
            }
        }
    }
}
