package dk.elleve.backup;

import dk.elleve.backup.base.Backups;
import dk.elleve.backup.base.BaseBackup;
import dk.elleve.backup.keyvault.KeyVaults;
import dk.elleve.backup.vault.BlobVault;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.vault.ImmutabilityWatch;
import dk.elleve.backup.vault.KeyRing;
import dk.elleve.backup.vault.Residence;
import dk.elleve.backup.vault.ResidentVault;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.vault.VaultProblem;
import dk.elleve.backup.wal.Gap;
import dk.elleve.backup.wal.WalEvents;
import dk.elleve.backup.wal.WalShipper;
import dk.elleve.backup.wire.Wire;
import dk.elleve.backup.wire.WireSettings;
import dk.elleve.kit.blob.BlobInspector;
import dk.elleve.kit.blob.BlobStore;
import dk.elleve.kit.certificate.CertificateSampler;
import dk.elleve.kit.certificate.CertificateSource;
import dk.elleve.kit.residency.Residency;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Puts the engine together. The engine itself knows nothing of Spring.
@Configuration(proxyBeanMethods = false)
class EngineConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(EngineConfiguration.class);
    private static final Duration WAL_PATIENCE = Duration.ofMinutes(10);
    private static final String KEY_VAULT = "key-vault";

    @Bean
    WireSettings wireSettings(EngineProperties properties) {
        return properties.wire().settings();
    }

    /// Whom the wire trusts to be the cluster.
    @Bean
    CertificateSampler wireCertificates(WireSettings wire, Clock clock) {
        var file = wire.sslRootCertificate();
        return new CertificateSampler(
                "wire", file == null ? List.of() : List.of(CertificateSource.pem(Path.of(file))), clock);
    }

    @Bean
    Residence residence(Residency residency, BlobInspector storage, Clock clock) {
        return new Residence(residency, storage::place, clock);
    }

    @Bean
    ResidentVault vault(BlobStore blobs, EngineProperties properties, Residence residence) {
        return new ResidentVault(new BlobVault(blobs, properties.container()), residence::objection);
    }

    @Bean
    KeyVaults keyVaults(Clock clock) {
        return KeyVaults.of(System.getenv(), clock);
    }

    /// Refuses a key vault whose region is not declared or not allowed, also one of a former key.
    @Bean
    KeyRing keyRing(
            EngineProperties properties,
            KeyVaults keyVaults,
            Residency residency,
            @Value("${elleve.master-key}") String masterKey) {
        if (properties.namesKeyVault()) {
            var region = residency.regions().get(KEY_VAULT);
            if (region == null || !residency.allows(region)) {
                throw new IllegalStateException("the region of the key vault, " + region
                        + ", is not declared or not allowed: set elleve.residency.regions." + KEY_VAULT);
            }
        }
        return properties.keyRing(masterKey, keyVaults);
    }

    @Bean
    ImmutabilityWatch immutabilityWatch(BlobInspector storage, EngineProperties properties) {
        return new ImmutabilityWatch(() -> storage.protection(properties.container()));
    }

    /// Refuses to start on a vault that another master key has locked: two keys in one vault would be
    /// found out on the day of the restore. And on one that lies where data must not go.
    @Bean
    ClusterVault clusterVault(WireSettings server, ResidentVault vault, KeyRing masters, EngineProperties properties) {
        String systemId;
        try (var wire = Wire.connect(server, "elleve-backup-start")) {
            systemId = wire.identify().systemId();
        }
        var cluster = new ClusterVault(vault, masters, systemId, properties.signing());
        try {
            vault.requireAllowed();
            cluster.unlock();
        } catch (VaultException e) {
            if (e.problem() != VaultProblem.UNREACHABLE) {
                throw e;
            }
            LOG.atWarn()
                    .addKeyValue("reason", e.getMessage())
                    .log("The vault cannot be reached; WAL waits in the server until it can");
        }
        cluster.signing()
                .verifier()
                .ifPresent(key -> LOG.atInfo().addKeyValue("key", key).log("Backups are signed"));
        return cluster;
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    WalShipper walShipper(WireSettings server, ClusterVault vault, EngineProperties properties, Clock clock) {
        return new WalShipper(server, vault, properties.wal().settings(), new Told(), clock);
    }

    @Bean
    Backups backups(ClusterVault vault) {
        return new Backups(vault);
    }

    @Bean
    BaseBackup baseBackup(WireSettings server, ClusterVault vault, WalShipper wal, Clock clock) {
        return new BaseBackup(server, vault, wal, WAL_PATIENCE, BaseBackup.PACK_SIZE, clock);
    }

    /// A gap is in the vault before it is told here; the catalogue takes it from there.
    private static final class Told implements WalEvents {

        @Override
        public void streaming(int timeline, String from) {
            LOG.atInfo()
                    .addKeyValue("timeline", timeline)
                    .addKeyValue("from", from)
                    .log("WAL is streaming");
        }

        @Override
        public void interrupted(RuntimeException reason) {
            LOG.atWarn().addKeyValue("reason", reason.getMessage()).log("The WAL stream broke; it is tried again");
        }

        @Override
        public void lost(Gap gap) {
            LOG.atError()
                    .addKeyValue("from", gap.from())
                    .addKeyValue("to", gap.to())
                    .log("WAL was lost before it was shipped");
        }
    }
}
