package dk.elleve.backup.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What every body of the vault promises.
abstract class VaultContract {

    abstract Vault vault();

    @Test
    void what_is_put_is_there() {
        assertThat(vault().putIfAbsent("contract/a/one", new byte[] {1})).isTrue();

        assertThat(vault().get("contract/a/one")).hasValue(new byte[] {1});
    }

    @Test
    void a_stretch_of_an_object_ends_where_the_object_does() {
        vault().putIfAbsent("contract/f/one", new byte[] {1, 2, 3, 4, 5});

        assertThat(vault().get("contract/f/one", 0, 2)).hasValue(new byte[] {1, 2});
        assertThat(vault().get("contract/f/one", 3, 2)).hasValue(new byte[] {4, 5});
        assertThat(vault().get("contract/f/one", 3, 9)).hasValue(new byte[] {4, 5});
        assertThat(vault().get("contract/f/one", 5, 1)).hasValue(new byte[0]);
        assertThat(vault().get("contract/f/one", 9, 1)).hasValue(new byte[0]);
        assertThat(vault().get("contract/f/none", 0, 1)).isEmpty();
    }

    @Test
    void a_taken_name_keeps_its_object() {
        vault().putIfAbsent("contract/b/one", new byte[] {1});

        assertThat(vault().putIfAbsent("contract/b/one", new byte[] {2})).isFalse();
        assertThat(vault().get("contract/b/one")).hasValue(new byte[] {1});
    }

    @Test
    void names_are_listed_by_prefix_in_order() {
        vault().putIfAbsent("contract/c/two", new byte[0]);
        vault().putIfAbsent("contract/c/one/deeper", new byte[0]);
        vault().putIfAbsent("contract/cc", new byte[0]);

        assertThat(vault().list("contract/c/")).containsExactly("contract/c/one/deeper", "contract/c/two");
        assertThat(vault().list("contract/c")).contains("contract/cc");
        assertThat(vault().list("contract/nothing/")).isEmpty();
    }

    @Test
    void what_is_deleted_is_gone_and_may_be_deleted_again() {
        vault().putIfAbsent("contract/d/one", new byte[] {1});

        vault().delete("contract/d/one");
        vault().delete("contract/d/one");

        assertThat(vault().get("contract/d/one")).isEmpty();
    }

    @Test
    void of_many_who_put_at_once_one_wins() throws Exception {
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = IntStream.range(0, 8)
                    .<Callable<Boolean>>mapToObj(
                            i -> () -> vault().putIfAbsent("contract/e/one", new byte[] {(byte) i}))
                    .toList();
            var won = 0;
            for (var result : pool.invokeAll(all)) {
                won += result.get() ? 1 : 0;
            }

            assertThat(won).isEqualTo(1);
        }
    }
}
