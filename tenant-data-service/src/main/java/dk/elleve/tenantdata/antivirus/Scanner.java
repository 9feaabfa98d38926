package dk.elleve.tenantdata.antivirus;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// A clamd that is asked over TCP, each time on a connection of its own.
///
/// @param patience how long it may take to connect, and again to answer
record Scanner(String host, int port, Duration patience) {

    /// Longer than any version; whoever says more is no clamd.
    private static final int LONGEST = 512;

    /// @throws IOException if it does not answer in time, or with something else
    ScannerVersion version() throws IOException {
        return ScannerVersion.parse(ask("VERSION"));
    }

    /// Commands and answers that begin with a `z` end in a zero byte.
    private String ask(String command) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), Math.toIntExact(patience.toMillis()));
            long end = System.nanoTime() + patience.toNanos();
            socket.getOutputStream().write(('z' + command + '\0').getBytes(StandardCharsets.US_ASCII));
            var in = socket.getInputStream();
            var answer = new ByteArrayOutputStream();
            // A deadline for the whole answer: one that trickles would take for ever.
            while (answer.size() <= LONGEST) {
                long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
                if (left <= 0) {
                    throw new SocketTimeoutException("The scanner has not answered for " + patience);
                }
                socket.setSoTimeout(Math.toIntExact(left));
                int next = in.read();
                if (next < 0) {
                    throw new IOException("The scanner hung up in the middle of its answer");
                }
                if (next == 0) {
                    return answer.toString(StandardCharsets.US_ASCII);
                }
                answer.write(next);
            }
            throw new IOException("The answer is too long for a scanner's");
        }
    }
}
