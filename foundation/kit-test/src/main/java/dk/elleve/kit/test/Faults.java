package dk.elleve.kit.test;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Failures on order. Code under test is given doubles or wrappers that call [#at(String)] where a process could die;
/// a test arms the point it wants to see fail.
public final class Faults {

    /// Stands for the process having ended at that line.
    public static final class Crash extends RuntimeException {
        private Crash(String point) {
            super("crashed on order at " + point);
        }
    }

    private final Map<String, AtomicInteger> armed = new ConcurrentHashMap<>();

    /// The next pass fails.
    public void arm(String point) {
        arm(point, 1);
    }

    /// The n-th pass from now fails, those before it do not.
    public void arm(String point, int nth) {
        armed.put(point, new AtomicInteger(nth));
    }

    public void disarm() {
        armed.clear();
    }

    /// True while a point waits to fail: a test that ends so has tested nothing.
    public boolean waiting() {
        return !armed.isEmpty();
    }

    public void at(String point) {
        var left = armed.get(point);
        if (left != null && left.decrementAndGet() == 0) {
            armed.remove(point);
            throw new Crash(point);
        }
    }
}
