package dk.elleve.tenantdata.antivirus;

import static org.junit.jupiter.api.Assumptions.abort;

import dk.elleve.kit.test.part.Daemon;
import dk.elleve.kit.test.part.Place;
import dk.elleve.kit.test.part.Ports;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/// Debian's clamd, in a folder of its own, with signatures that were made for the test.
final class Clamd implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/sbin/clamd");
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /// Everybody's harmless test file.
    private static final String EICAR = "44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test-Signature\n";

    private final Path database;
    private final Path settings;
    private final Daemon daemon;
    private final int port = Ports.free();

    Clamd(Path folder) throws IOException {
        if (!Files.isExecutable(PROGRAM)) {
            abort("clamd is not installed (Debian: apt-get install clamav-daemon)");
        }
        this.database = Files.createDirectories(folder.resolve("signatures"));
        this.settings = folder.resolve("clamd.conf");
        this.daemon = new Daemon("clamd", new Place(folder));
        Files.writeString(settings, """
                Foreground yes
                DatabaseDirectory %s
                TemporaryDirectory %s
                TCPSocket %d
                TCPAddr 127.0.0.1
                """.formatted(database, folder, port));
    }

    int port() {
        return port;
    }

    /// Signatures without a date, as they lie in an installation that reaches no mirror.
    Clamd withSignatureOfNoDate() throws IOException {
        Files.writeString(database.resolve("test.hdb"), EICAR);
        return this;
    }

    /// Daily signatures in ClamAV's own wrapping, which says when they were made.
    Clamd withSignaturesOf(Instant made) throws IOException {
        var header = "ClamAV-VDB:-:27800:1:90:X:X:elleve:" + made.getEpochSecond();
        var info = header + "\ndaily.hdb:" + EICAR.length() + ":" + sha256(EICAR) + "\n";
        var file = new ByteArrayOutputStream();
        file.write("%-512s".formatted(header).getBytes(StandardCharsets.US_ASCII));
        try (var zipped = new GZIPOutputStream(file)) {
            zipped.write(tarred("daily.info", info));
            zipped.write(tarred("daily.hdb", EICAR));
            zipped.write(new byte[1024]);
        }
        // Unsigned: only ClamAV itself can sign the others.
        Files.write(database.resolve("daily.cud"), file.toByteArray());
        return this;
    }

    Clamd start() {
        daemon.start(new Daemon.Command(
                List.of(PROGRAM.toString(), "--config-file=" + settings),
                settings.toAbsolutePath().getParent()));
        daemon.awaitReady(PATIENCE, () -> {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            return true;
        });
        return this;
    }

    @Override
    public void close() {
        daemon.stop("TERM", Duration.ofSeconds(10));
    }

    /// One file of a tar archive (ustar).
    private static byte[] tarred(String name, String text) {
        var content = text.getBytes(StandardCharsets.US_ASCII);
        var block = new byte[512 + (content.length + 511) / 512 * 512];
        put(block, 0, name);
        put(
                block,
                100,
                "0000644\0" + "0000000\0" + "0000000\0" + "%011o\0".formatted(content.length) + "00000000000\0");
        put(block, 148, "        0");
        put(block, 257, "ustar\0" + "00");
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += block[i];
        }
        put(block, 148, "%06o\0 ".formatted(sum));
        System.arraycopy(content, 0, block, 512, content.length);
        return block;
    }

    private static void put(byte[] block, int at, String text) {
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
