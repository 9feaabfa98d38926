package dk.elleve.segments;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// Opens connections, many at once, and says what became of each. Nothing is sent over them.
final class Prober {

    /// Where a connection is tried to.
    record Target(String address, int port) {}

    /// What became of it.
    enum Outcome {
        /// Somebody answered.
        OPEN,
        /// The machine answered that nobody listens: the network let the question through.
        REFUSED,
        /// There is no way to that address from here.
        UNREACHABLE,
        /// No answer.
        SILENT;

        /// Whether the network let it through.
        boolean arrived() {
            return this == OPEN || this == REFUSED;
        }
    }

    private final Duration patience;
    private final int atOnce;

    /// @param patience how long an answer is waited for
    /// @param atOnce how many connections are under way at a time
    Prober(Duration patience, int atOnce) {
        this.patience = patience;
        this.atOnce = atOnce;
    }

    Map<Target, Outcome> probe(Collection<Target> targets) throws IOException {
        var outcomes = new HashMap<Target, Outcome>();
        var waiting = new ArrayDeque<>(targets);
        try (var selector = Selector.open()) {
            while (!waiting.isEmpty() || !selector.keys().isEmpty()) {
                while (!waiting.isEmpty() && selector.keys().size() < atOnce) {
                    open(waiting.remove(), selector, outcomes);
                }
                selector.select(20);
                for (var key : selector.keys()) {
                    settle(key, outcomes);
                }
                selector.selectNow(); // forgets the keys that are settled
            }
        }
        return outcomes;
    }

    private void open(Target target, Selector selector, Map<Target, Outcome> outcomes) throws IOException {
        var channel = SocketChannel.open(StandardProtocolFamily.INET);
        try {
            channel.configureBlocking(false);
            if (channel.connect(new InetSocketAddress(target.address(), target.port()))) {
                outcomes.put(target, Outcome.OPEN);
                channel.close();
            } else {
                channel.register(
                        selector, SelectionKey.OP_CONNECT, new Try(target, System.nanoTime() + patience.toNanos()));
            }
        } catch (SocketException e) {
            outcomes.put(target, outcome(e));
            channel.close();
        }
    }

    private record Try(Target target, long until) {}

    private static void settle(SelectionKey key, Map<Target, Outcome> outcomes) throws IOException {
        if (!key.isValid() || !(key.attachment() instanceof Try one)) {
            return;
        }
        var channel = (SocketChannel) key.channel();
        try {
            if (channel.finishConnect()) {
                outcomes.put(one.target(), Outcome.OPEN);
            } else if (System.nanoTime() < one.until()) {
                return;
            } else {
                outcomes.put(one.target(), Outcome.SILENT);
            }
        } catch (SocketException e) {
            outcomes.put(one.target(), outcome(e));
        }
        channel.close();
    }

    /// A refused connection and one that timed out in the kernel have the same class.
    private static Outcome outcome(SocketException e) {
        return switch (e) {
            case NoRouteToHostException none -> Outcome.UNREACHABLE;
            case ConnectException no
            when no.getMessage() != null && no.getMessage().contains("refused") -> Outcome.REFUSED;
            case ConnectException late -> Outcome.SILENT;
            default -> Outcome.UNREACHABLE;
        };
    }
}
