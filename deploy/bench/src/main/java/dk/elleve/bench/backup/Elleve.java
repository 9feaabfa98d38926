package dk.elleve.bench.backup;

import com.sun.management.OperatingSystemMXBean;
import dk.elleve.backup.base.BackupProgress;
import dk.elleve.backup.base.BaseBackup;
import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.restore.Landing;
import dk.elleve.backup.restore.RestoreProgress;
import dk.elleve.backup.restore.RestoreTarget;
import dk.elleve.backup.restore.Restorer;
import dk.elleve.backup.vault.BlobVault;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.vault.MasterKey;
import dk.elleve.backup.verify.Reading;
import dk.elleve.backup.wal.Gap;
import dk.elleve.backup.wal.WalEvents;
import dk.elleve.backup.wal.WalSettings;
import dk.elleve.backup.wal.WalShipper;
import dk.elleve.backup.wire.Lsn;
import dk.elleve.backup.wire.Wire;
import dk.elleve.backup.wire.WireSettings;
import dk.elleve.kit.blob.AzureBlobStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The engine of backup-service, in this very process, put together as the service does it.
final class Elleve implements Product {

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Source source;
    private final BlobVault vault;
    private final MasterKey key;
    private final ClusterVault cluster;
    private final WireSettings server;
    private final WalSettings settings;
    private @Nullable WalShipper wal;

    /// @param container of the blob storage; empty
    Elleve(Source source, String blobStorage, String container) {
        this.source = source;
        this.vault = new BlobVault(new AzureBlobStore(blobStorage), container);
        var bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        this.key = MasterKey.fromBase64(Base64.getEncoder().encodeToString(bytes));
        this.server =
                WireSettings.local("127.0.0.1", source.port(), Source.REPLICATION, source.password(Source.REPLICATION));
        this.settings = new WalSettings(
                "elleve_bench",
                WalSettings.DEFAULTS.partAge(),
                WalSettings.DEFAULTS.partSize(),
                WalSettings.DEFAULTS.retryAfter());
        try (var wire = Wire.connect(server, "bench")) {
            wire.slot(settings.slot()).ifPresent(slot -> wire.dropSlot(slot.name()));
            this.cluster = new ClusterVault(vault, key, wire.identify().systemId());
        }
    }

    @Override
    public void attend(Source.End until) throws Exception {
        if (wal == null) {
            wal = new WalShipper(server, cluster, settings, new Loud(), Clock.systemUTC());
            wal.start();
        }
        if (!wal.awaitShipped(until.lsn(), PATIENCE)) {
            throw new IllegalStateException("WAL up to " + until + " was not shipped: " + wal.status());
        }
    }

    @Override
    public void leave() {
        if (wal != null) {
            wal.close();
            wal = null;
        }
    }

    /// How far the vault goes.
    Lsn shipped() {
        return Lsn.parse(shipper().status().shipped());
    }

    private WalShipper shipper() {
        if (wal == null) {
            throw new IllegalStateException("Nobody ships WAL");
        }
        return wal;
    }

    @Override
    public Taken full() throws Exception {
        return backup(Manifest.FULL);
    }

    @Override
    public Taken incremental() throws Exception {
        return backup(Manifest.INCREMENTAL);
    }

    private Taken backup(String kind) throws Exception {
        var backup = new BaseBackup(server, cluster, shipper(), PATIENCE, BaseBackup.PACK_SIZE, Clock.systemUTC());
        var manifest = backup.run(backup.newId(kind), BackupProgress.NONE);
        return new Taken(manifest.bytes(), manifest.storedBytes());
    }

    @Override
    public void restore(Path folder, int port) throws Exception {
        var restorer = Restorer.open(vault, key, null);
        restorer.restore(restorer.plan(new RestoreTarget.Latest()), new Landing(folder, port), RestoreProgress.NONE);
    }

    @Override
    public void verify() throws Exception {
        var wrong = new Reading(cluster, Instant.now()).all();
        if (!wrong.isEmpty()) {
            throw new IllegalStateException("Our vault is damaged: " + wrong);
        }
    }

    @Override
    public <T> Measured<T> measure(Work<T> work) throws Exception {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        // Lets Linux forget the highest level so far.
        Files.writeString(Path.of("/proc/self/clear_refs"), "5");
        var server = source.processor();
        var processor = system.getProcessCpuTime();
        var start = System.nanoTime();
        var result = work.run();
        var took = Duration.ofNanos(System.nanoTime() - start);
        return new Measured<>(
                result,
                took,
                Duration.ofNanos(system.getProcessCpuTime() - processor),
                source.processor().minus(server),
                highestMemory());
    }

    private static long highestMemory() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        leave();
    }

    /// A stream that breaks while it is measured would be taken for a slow one.
    private static final class Loud implements WalEvents {

        @Override
        public void streaming(int timeline, String from) {}

        @Override
        public void interrupted(RuntimeException reason) {
            reason.printStackTrace();
        }

        @Override
        public void lost(Gap gap) {
            throw new IllegalStateException("WAL was lost: " + gap);
        }
    }
}
