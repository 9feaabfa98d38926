package dk.elleve.audit.siem;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/// A receiver of RFC 5425 that takes nothing that the RFC does not allow, and can be killed.
final class Receiver implements AutoCloseable {

    private final SSLServerSocket server;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final List<SyslogMessage> messages = new CopyOnWriteArrayList<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final Semaphore mayRead;

    /// @param port 0 for a free one
    /// @param reads so many messages and no more
    Receiver(SSLContext context, int port, int reads, boolean wantsCertificate) throws IOException {
        this.mayRead = new Semaphore(reads);
        server = (SSLServerSocket) context.getServerSocketFactory().createServerSocket();
        server.setReuseAddress(true);
        server.setNeedClientAuth(wantsCertificate);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        Thread.ofVirtual().start(this::accept);
    }

    Receiver(SSLContext context) throws IOException {
        this(context, 0, Integer.MAX_VALUE, false);
    }

    int port() {
        return server.getLocalPort();
    }

    List<SyslogMessage> messages() {
        return List.copyOf(messages);
    }

    List<Long> indexes() {
        return messages.stream().map(SyslogMessage::index).toList();
    }

    /// What was sent that must not be.
    List<String> faults() {
        return List.copyOf(faults);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var socket = (SSLSocket) server.accept();
                connections.add(socket);
                Thread.ofVirtual().start(() -> take(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void take(SSLSocket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                mayRead.acquire();
                int length = length(in);
                if (length < 0) {
                    return;
                }
                var bytes = in.readNBytes(length);
                if (bytes.length < length) {
                    return; // broken off
                }
                messages.add(SyslogMessage.parse(bytes));
            }
        } catch (IllegalArgumentException wrong) {
            faults.add(String.valueOf(wrong.getMessage()));
        } catch (IOException broken) {
            // The sender has gone, or was refused.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connections.remove(socket);
        }
    }

    /// `MSG-LEN = NONZERO-DIGIT *DIGIT`, and the space after it; below 0 at the end of the stream.
    private static int length(InputStream in) throws IOException {
        int first = in.read();
        if (first < 0) {
            return -1;
        }
        if (first < '1' || first > '9') {
            throw new IllegalArgumentException("A frame begins with the byte " + first);
        }
        int length = first - '0';
        for (int digit = in.read(); digit != ' '; digit = in.read()) {
            if (digit < '0' || digit > '9' || length > 1_000_000) {
                throw new IllegalArgumentException("In a frame's length is the byte " + digit);
            }
            length = length * 10 + digit - '0';
        }
        return length;
    }

    boolean connected() {
        return !connections.isEmpty();
    }

    /// As a process that ends: what lies unread is lost, and the port is free.
    void kill() throws IOException {
        server.close();
        for (var connection : new ArrayList<>(connections)) {
            connection.setSoLinger(true, 0);
            connection.close();
        }
    }

    @Override
    public void close() throws IOException {
        kill();
    }
}
