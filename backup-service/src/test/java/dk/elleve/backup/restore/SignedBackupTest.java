package dk.elleve.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.base.BackupProgress;
import dk.elleve.backup.base.BaseBackup;
import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.vault.FolderVault;
import dk.elleve.backup.vault.KeyRing;
import dk.elleve.backup.vault.Signing;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.vault.VaultProblem;
import dk.elleve.backup.wal.WalEvents;
import dk.elleve.backup.wal.WalShipper;
import dk.elleve.tlog.SignatureType;
import dk.elleve.tlog.SignerKey;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whoever has the vault and the master key can read a backup, and could write another one in its place.
class SignedBackupTest {

    private static final KeyRing MASTER = KeyRing.of(BackupRig.KEY);
    private static final SignerKey KEY = key();
    private static final Signing SIGNING = Signing.of(KEY.secret(), List.of(), null);

    @TempDir
    static Path home;

    private static FolderVault vault;
    private static Manifest manifest;

    private static SignerKey key() {
        return SignerKey.generate("test/backups", SignatureType.ED25519, new SecureRandom());
    }

    private static Signing trusting(SignerKey key) {
        return Signing.of(null, List.of(key.verifier().toString()), null);
    }

    @BeforeAll
    static void backUp() throws Exception {
        vault = new FolderVault(home.resolve("vault"));
        var cluster = new ClusterVault(vault, MASTER, BackupRig.systemId(), SIGNING);
        try (var wal = new WalShipper(
                BackupRig.server(), cluster, BackupRig.settings("signed_test"), WalEvents.NONE, Clock.systemUTC())) {
            wal.start();
            var backup = new BaseBackup(
                    BackupRig.server(), cluster, wal, BackupRig.PATIENCE, BaseBackup.PACK_SIZE, Clock.systemUTC());
            manifest = backup.run(backup.newId(Manifest.FULL), BackupProgress.NONE);
        }
        Files.writeString(home.resolve("key"), "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n");
    }

    @AfterAll
    static void forget() {
        BackupRig.dropSlot("signed_test");
    }

    @Test
    void a_restore_says_who_has_signed_what_it_restores() throws Exception {
        var asking = preview("elleve.backup.trusted-manifest-keys=" + key().verifier() + ", " + KEY.verifier());
        assertThat(asking).contains("signed      by " + KEY.verifier().id());

        assertThat(preview("")).contains("signed      not looked at: elleve.backup.trusted-manifest-keys names no key");
    }

    @Test
    void a_backup_that_others_have_signed_is_refused_before_anything_is_fetched() {
        var restorer = Restorer.open(vault, MASTER, null, trusting(key()));

        assertThatThrownBy(() -> restorer.plan(new RestoreTarget.Latest()))
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.problem()).isEqualTo(VaultProblem.NOT_SIGNED))
                .hasMessageContaining(manifest.id());
    }

    @Test
    void a_manifest_that_the_holder_of_the_master_key_wrote_anew_is_refused() throws Exception {
        var other = home.resolve("forged");
        copy(home.resolve("vault"), other);
        var forged = new FolderVault(other);
        var holder = new ClusterVault(forged, MASTER, manifest.systemId());
        var name = "base/" + manifest.id() + "/manifest";
        var statement = Signing.statement(holder.get(name));
        holder.delete(name);
        holder.putIfAbsent(manifest.id(), name, statement);

        assertThat(Restorer.open(forged, MASTER, null, Signing.NONE)
                        .plan(new RestoreTarget.Latest())
                        .manifest())
                .isEqualTo(manifest);
        assertThatThrownBy(
                        () -> Restorer.open(forged, MASTER, null, trusting(KEY)).plan(new RestoreTarget.Latest()))
                .isInstanceOf(VaultException.class)
                .hasMessageContaining("it is not signed");
    }

    private String preview(String setting) throws Exception {
        var settings = Files.writeString(
                home.resolve("restore.properties"),
                "elleve.backup.vault-folder=vault\nelleve.master-key-file=key\n" + setting + "\n");
        var out = new ByteArrayOutputStream();
        var error = new ByteArrayOutputStream();
        var code = new RestoreMain(new PrintStream(out), new PrintStream(error), false, Clock.systemUTC())
                .run(List.of("--latest", "--preview", "--settings", settings.toString()));
        assertThat(code).as(error.toString(StandardCharsets.UTF_8)).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void copy(Path from, Path to) throws Exception {
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
