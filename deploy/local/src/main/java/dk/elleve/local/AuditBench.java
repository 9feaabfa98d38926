package dk.elleve.local;

import dk.elleve.kit.test.part.Jvm;
import dk.elleve.kit.test.part.PostgresServer;
import dk.elleve.kit.test.part.Service;
import dk.elleve.local.PortPlan.Use;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/// The audit log of the running platform against its peers. What is measured runs in a process of its own
/// (`deploy/bench`), on the libraries of audit-service: the launcher is compiled for a quick start.
final class AuditBench implements Bench.Benchmark {

    /// @param about what is compared with what
    record Part(String name, String about) {}

    static final List<Part> PARTS = List.of(
            new Part(
                    "rows",
                    "changes a second, from commit to a shown checkpoint, against a bare Debezium engine that counts;"
                            + " processor time for each; and bytes, against a plain table filled by a trigger"),
            new Part(
                    "latency",
                    "commit to visible at 1,000 changes/s, p99, against commit to the handler of a bare engine"),
            new Part("fsck", "entries a second of a whole log recomputed, against SHA-256 of its leaves on all cores"),
            new Part("proof", "a proof of one of 10 million entries made and verified, against reading one tile"),
            new Part("failover", "one of two instances killed, against an instance alone that is started again"));

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final List<Part> parts;

    AuditBench(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    static AuditBench all() {
        return new AuditBench(PARTS);
    }

    @Override
    public String about() {
        return parts.size() == 1 ? parts.getFirst().about() : "the audit log: the following five";
    }

    @Override
    public List<Bench.Measure> run(Installation installation, Screen progress) throws Exception {
        new LocalPlatform(installation).mustRun();
        var measures = new ArrayList<Bench.Measure>();
        for (var part : parts) {
            progress.line("  " + part.name() + ": " + part.about());
            if (part.name().equals("failover")) {
                var second = SecondAudit.part(installation);
                // Its process outlives ours, however ours ends.
                var stop = new Thread(second::stop);
                Runtime.getRuntime().addShutdownHook(stop);
                try {
                    second.start();
                    second.awaitReady(PATIENCE);
                    measures.addAll(measure(installation, part, second, progress));
                } finally {
                    second.stop();
                    Runtime.getRuntime().removeShutdownHook(stop);
                    new Up(installation, Screen.silent()).run(List.of(Service.AUDIT.label()));
                }
            } else {
                measures.addAll(measure(installation, part, installation.service(Service.AUDIT), progress));
            }
        }
        return measures;
    }

    /// @param second the instance that takes over
    private static List<Bench.Measure> measure(
            Installation installation, Part part, ServicePart second, Screen progress)
            throws IOException, InterruptedException {
        return Measuring.run(
                command(installation, part),
                given(installation, second),
                installation.place().log("bench"),
                progress,
                () -> installation.service(Service.AUDIT).start());
    }

    private static List<String> command(Installation installation, Part part) {
        var jar = Measuring.jar(installation);
        return List.of(
                Jvm.program(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=4",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                jar + File.pathSeparator + installation.service(Service.AUDIT).program(),
                "dk.elleve.bench.AuditBench",
                part.name());
    }

    /// Over standard input: some of it is secret.
    private static String given(Installation installation, ServicePart second) {
        var secrets = installation.secrets();
        var given = new Properties();
        given.setProperty("database.host", "127.0.0.1");
        given.setProperty("database.port", Integer.toString(installation.ports().of(Use.POSTGRES)));
        for (var role : List.of(PostgresServer.SUPERUSER, "tenant_data_migrator", "tenant_data_service")) {
            given.setProperty("password." + role, secrets.password(role));
        }
        given.setProperty("attribution.tenant-data", secrets.key("attribution.tenant-data"));
        given.setProperty("blob", installation.blobStorage());
        given.setProperty("audit", installation.service(Service.AUDIT).address());
        given.setProperty(
                "process", Long.toString(installation.service(Service.AUDIT).process()));
        given.setProperty("second", second.address());
        given.setProperty("second.process", Long.toString(second.process()));
        given.setProperty("run", installation.place().root().resolve("run").toString());
        given.setProperty("folder", folder(installation).toString());
        try (var text = new StringWriter()) {
            given.setProperty("log.vkey", Files.readString(Verify.keyFile(installation)));
            given.store(text, null);
            return text.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder(Installation installation) {
        return installation.place().root().resolve("bench");
    }
}
