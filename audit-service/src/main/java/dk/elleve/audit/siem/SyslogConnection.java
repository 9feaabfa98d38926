package dk.elleve.audit.siem;

import dk.elleve.audit.search.EntryFeed.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/// A TLS connection to a receiver (RFC 5425, with the versions and suites of RFC 9662). For use by
/// one thread, except [#abort()].
final class SyslogConnection implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    /// Small, so that little lies unsent on this side while the receiver stands still.
    private static final int SEND_BUFFER = 128 * 1024;

    private final Socket wire;
    private final SSLSocket tls;
    private final Thread reader;
    private volatile @Nullable String ended;

    private SyslogConnection(Socket wire, SSLSocket tls, String name) throws IOException {
        this.wire = wire;
        this.tls = tls;
        var in = tls.getInputStream();
        this.reader = Thread.ofVirtual().name("siem-" + name).start(() -> read(in));
    }

    /// Reads the certificates' files each time: one that was renewed needs no restart.
    ///
    /// @throws IOException if the receiver is away, or is not who it should be, or does not know us
    static SyslogConnection open(SiemProperties.Destination to) throws IOException {
        var context = context(to);
        var wire = new Socket();
        try {
            wire.setSendBufferSize(SEND_BUFFER);
            wire.setTcpNoDelay(true);
            // A receiver that vanished without a word is noticed also while there is nothing to send.
            wire.setKeepAlive(true);
            wire.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 60);
            wire.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 10);
            wire.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 6);
            wire.connect(new InetSocketAddress(to.host(), to.port()), (int) PATIENCE.toMillis());
            wire.setSoTimeout((int) PATIENCE.toMillis());
            var tls = (SSLSocket) context.getSocketFactory().createSocket(wire, to.host(), to.port(), true);
            var parameters = tls.getSSLParameters();
            parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            tls.setSSLParameters(parameters);
            tls.startHandshake();
            tls.setSoTimeout(0);
            return new SyslogConnection(wire, tls, to.name());
        } catch (IOException | RuntimeException failed) {
            wire.close();
            throw failed;
        }
    }

    /// @throws IOException if a file cannot be read, or is not what it should be
    static SSLContext context(SiemProperties.Destination to) throws IOException {
        var ca = to.ca() == null ? null : PemSslStoreDetails.forCertificate(pem(to.ca()));
        var own = to.certificate() == null || to.key() == null
                ? null
                : PemSslStoreDetails.forCertificate(pem(to.certificate())).withPrivateKey(pem(to.key()));
        try {
            return SslBundle.of(new PemSslStoreBundle(own, ca)).createSslContext();
        } catch (RuntimeException unusable) {
            throw new IOException("The certificates for " + to.name() + " cannot be used", unusable);
        }
    }

    private static String pem(Path file) throws IOException {
        var text = Files.readString(file);
        if (!text.contains("-----BEGIN ")) {
            throw new IOException(file + " is no PEM file");
        }
        return text;
    }

    /// Returns when the kernel has taken it all. That is not yet the receiver's word.
    void send(List<Message> messages) throws IOException {
        if (ended != null) {
            throw new IOException(ended);
        }
        var frames = new ByteArrayOutputStream();
        for (var message : messages) {
            frames.write(frame(message.bytes()));
        }
        var out = tls.getOutputStream();
        frames.writeTo(out);
        out.flush();
    }

    /// `MSG-LEN SP SYSLOG-MSG`
    static byte[] frame(byte[] message) {
        var length = (message.length + " ").getBytes(StandardCharsets.US_ASCII);
        var frame = new byte[length.length + message.length];
        System.arraycopy(length, 0, frame, 0, length.length);
        System.arraycopy(message, 0, frame, length.length, message.length);
        return frame;
    }

    /// Whether the receiver has not ended it.
    boolean open() {
        return ended == null;
    }

    /// A receiver says nothing, but its end is seen only by who reads: what is written to a
    /// receiver that has gone is taken by the kernel without complaint.
    private void read(InputStream in) {
        try {
            var ignored = new byte[1024];
            while (in.read(ignored) >= 0) {
                // RFC 5425 gives it nothing to say.
            }
            ended = "The receiver has closed the connection";
        } catch (IOException broken) {
            ended = "The connection broke: " + broken.getMessage();
        }
    }

    /// Says goodbye as RFC 5425 wants it, and gives the receiver the time to read what is on the
    /// way: a socket that is closed at once may take its last bytes back.
    @Override
    public void close() throws IOException {
        try {
            if (ended == null) {
                tls.shutdownOutput();
                reader.join(GOODBYE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            abort();
        }
    }

    /// Without a goodbye; ends also a write that waits for a receiver that does not read.
    void abort() throws IOException {
        wire.close();
    }
}
