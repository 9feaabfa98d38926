package dk.elleve.backup.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.MemoryVault;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResidentVaultTest extends VaultContract {

    private final MemoryVault storage = new MemoryVault();
    private Optional<String> objection = Optional.empty();
    private final ResidentVault vault = new ResidentVault(storage, () -> objection);

    @Override
    Vault vault() {
        return vault;
    }

    @Test
    void every_write_is_refused_while_there_is_an_objection_and_none_after() {
        objection = Optional.of("the account has moved");

        assertThatThrownBy(() -> vault.putIfAbsent("one", new byte[] {1}))
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.problem()).isEqualTo(VaultProblem.REGION_NOT_ALLOWED))
                .hasMessageContaining("the account has moved");
        assertThat(storage.list("")).isEmpty();

        objection = Optional.empty();
        assertThat(vault.putIfAbsent("one", new byte[] {1})).isTrue();
    }

    @Test
    void what_is_there_can_be_read_and_deleted_all_the_same() {
        vault.putIfAbsent("one", new byte[] {1});
        objection = Optional.of("the account has moved");

        assertThat(vault.get("one")).isPresent();
        assertThat(vault.list("")).containsExactly("one");
        vault.delete("one");
        assertThat(storage.list("")).isEmpty();
    }

    @Test
    void data_keys_and_rotations_are_refused_with_everything_else() {
        new ClusterVault(storage, BackupRig.KEY, "1").putIfAbsent("full-1", "object", new byte[] {1});
        objection = Optional.of("the account has moved");
        var cluster = new ClusterVault(vault, KeyRing.of(BackupRig.OTHER_KEY, List.of(BackupRig.KEY)), "1");

        assertThatThrownBy(() -> cluster.putIfAbsent("full-2", "object-2", new byte[] {1}))
                .isInstanceOf(VaultException.class);
        assertThatThrownBy(() -> cluster.rewrap(RewrapProgress.NONE)).isInstanceOf(VaultException.class);
        assertThat(cluster.get("object")).containsExactly(1);
    }
}
