package dk.elleve.audit.siem;

import static dk.elleve.kit.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.kit.test.part.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Debian's rsyslogd, which takes syslog over TLS from whom its authority knows and writes what it
/// took into a file.
final class Rsyslog {

    static final Path PROGRAM = Path.of("/usr/sbin/rsyslogd");

    private final Path config;
    private final Path log;
    private final Path pid;
    private final int port;
    private @Nullable Process process;

    Rsyslog(Path folder, int port, Path ca, Path chain, Path key, Path received) throws IOException {
        this.port = port;
        this.log = folder.resolve("rsyslog-" + port + ".log");
        this.pid = folder.resolve("rsyslog-" + port + ".pid");
        this.config = Files.writeString(
                folder.resolve("rsyslog-" + port + ".conf"), """
                global(
                    workDirectory="%s"
                    maxMessageSize="64k"
                    parser.escapeControlCharactersOnReceive="off"
                    defaultNetstreamDriver="ossl"
                    defaultNetstreamDriverCAFile="%s"
                    defaultNetstreamDriverCertFile="%s"
                    defaultNetstreamDriverKeyFile="%s")
                module(load="imtcp" streamDriver.name="ossl" streamDriver.mode="1" streamDriver.authMode="x509/certvalid")
                template(name="whole" type="string" string="%%rawmsg%%\\n")
                input(type="imtcp" address="127.0.0.1" port="%d")
                *.* action(type="omfile" file="%s" template="whole" asyncWriting="off" flushOnTXEnd="on")
                """.formatted(folder, ca, chain, key, port, received));
    }

    static int freePort() {
        return Ports.free();
    }

    void start() throws IOException {
        var started = new ProcessBuilder(PROGRAM.toString(), "-n", "-f", config.toString(), "-i", pid.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        process = started;
        eventually("rsyslogd listens; its log is " + log, Duration.ofSeconds(20), () -> {
            assertThat(started.isAlive()).as(Files.readString(log)).isTrue();
            new Socket(InetAddress.getLoopbackAddress(), port).close();
        });
    }

    /// As the kernel would: no goodbye.
    void kill() throws InterruptedException, IOException {
        var running = process;
        if (running != null) {
            running.destroyForcibly();
            assertThat(running.waitFor(10, TimeUnit.SECONDS)).isTrue();
            Files.deleteIfExists(pid);
        }
    }
}
