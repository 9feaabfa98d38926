package dk.elleve.backup.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Properties;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;
import org.postgresql.ssl.LibPQFactory;

/// Remembers the socket that pgjdbc opens, by means of its public properties `socketFactory` and `sslfactory`.
///
/// pgjdbc makes these factories itself, by name, in the thread that connects: a thread-local is the only way to
/// be handed what they made. It is emptied as soon as the connection stands.
final class SocketCapture {

    private static final ThreadLocal<@Nullable Socket> LAST = new ThreadLocal<>();

    private SocketCapture() {}

    static Socket take() {
        var socket = LAST.get();
        LAST.remove();
        if (socket == null) {
            throw new WireException(
                    "the PostgreSQL driver opened no socket of ours; its socketFactory property is not honoured");
        }
        return socket;
    }

    private static Socket keep(Socket socket) {
        LAST.set(socket);
        return socket;
    }

    /// Public because pgjdbc makes it by name.
    public static final class Plain extends SocketFactory {

        public Plain() {}

        @Override
        public Socket createSocket() throws IOException {
            var socket = new Socket();
            socket.setReceiveBufferSize(1 << 20);
            return keep(socket);
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return keep(new Socket(host, port));
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
            return keep(new Socket(host, port, local, localPort));
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return keep(new Socket(host, port));
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
            return keep(new Socket(host, port, local, localPort));
        }
    }

    /// Public because pgjdbc makes it by name.
    public static final class Secure extends LibPQFactory {

        public Secure(Properties properties) throws org.postgresql.util.PSQLException {
            super(properties);
        }

        @Override
        public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
            return keep(super.createSocket(socket, host, port, autoClose));
        }
    }
}
