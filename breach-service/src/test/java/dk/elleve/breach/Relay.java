package dk.elleve.breach;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/// Stands before the mail server; while it is shut every caller is hung up on.
final class Relay implements AutoCloseable {

    private final ServerSocket server;
    private final int target;
    private final AtomicInteger refused = new AtomicInteger();
    private volatile boolean open = true;

    Relay(int target) {
        this.target = target;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().name("mail-door").start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    void open() {
        open = true;
    }

    void shut() {
        refused.set(0);
        open = false;
    }

    int refused() {
        return refused.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var caller = server.accept();
                Thread.ofVirtual().start(() -> pass(caller));
            } catch (IOException closed) {
                // The loop's condition tells whether it was this door.
            }
        }
    }

    private void pass(Socket caller) {
        try (caller) {
            if (!open) {
                refused.incrementAndGet();
                return;
            }
            try (var mail = new Socket(InetAddress.getLoopbackAddress(), target)) {
                var back = Thread.ofVirtual().start(() -> copy(mail, caller));
                copy(caller, mail);
                back.join();
            }
        } catch (IOException gone) {
            // Either side has hung up, as the other will see.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException gone) {
            // As above.
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
