package dk.elleve.kit.test;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Waits for what must come true by itself. A test that waits in vain says what it waited for and what it saw last.
public final class Eventually {

    /// A block of assertions, which may throw anything.
    public interface Assertions {
        void check() throws Exception;
    }

    public static final Duration USUAL = Duration.ofSeconds(15);

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(25);

    private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

    private Eventually() {}

    /// Until the block passes.
    public static void eventually(String what, Assertions assertions) {
        eventually(what, USUAL, assertions);
    }

    public static void eventually(String what, Duration limit, Assertions assertions) {
        var deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            var asked = System.nanoTime();
            try {
                assertions.check();
                return;
            } catch (Exception | AssertionError e) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError(
                            "Not within " + limit.toMillis() + " ms: " + what + ". Last: " + e.getMessage(), e);
                }
            }
            pause(System.nanoTime() - asked);
        }
    }

    /// Until the value satisfies the condition; the value is returned.
    public static <T> T until(String what, Callable<? extends @Nullable T> value, Predicate<? super T> condition) {
        return until(what, USUAL, value, condition);
    }

    public static <T> T until(
            String what, Duration limit, Callable<? extends @Nullable T> value, Predicate<? super T> condition) {
        var deadline = System.nanoTime() + limit.toNanos();
        Object last = null;
        Exception problem = null;
        while (true) {
            var asked = System.nanoTime();
            try {
                var seen = value.call();
                if (seen != null && condition.test(seen)) {
                    return seen;
                }
                last = seen;
                problem = null;
            } catch (Exception e) {
                problem = e;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "Not within " + limit.toMillis() + " ms: " + what + ". Last seen: "
                                + (problem == null ? last : problem),
                        problem);
            }
            pause(System.nanoTime() - asked);
        }
    }

    /// Until there is one.
    public static <T> T present(String what, Callable<Optional<T>> value) {
        return until(what, value, Optional::isPresent).orElseThrow();
    }

    /// As long as the question took: what is waited for needs the processors more than who waits.
    private static void pause(long took) {
        LockSupport.parkNanos(Math.clamp(took, SHORTEST_PAUSE.toNanos(), LONGEST_PAUSE.toNanos()));
        if (Thread.interrupted()) {
            throw new AssertionError("Interrupted while waiting");
        }
    }
}
