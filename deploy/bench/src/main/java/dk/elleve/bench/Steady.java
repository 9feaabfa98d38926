package dk.elleve.bench;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// Transactions of ten changes at a rate, whether the reader keeps up or not.
final class Steady implements AutoCloseable {

    private static final int TRANSACTION = 10;

    private final ScheduledExecutorService thread;
    private final ScheduledFuture<?> work;

    private Steady(Workload workload, Duration between) {
        thread = Executors.newSingleThreadScheduledExecutor();
        work = thread.scheduleAtFixedRate(
                () -> {
                    try {
                        workload.transaction(TRANSACTION);
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                },
                0,
                between.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    static Steady start(Workload workload, Duration between) {
        return new Steady(workload, between);
    }

    /// @throws IllegalStateException if the writer failed
    void check() {
        if (work.isDone() && !work.isCancelled()) {
            throw new IllegalStateException("The writer stopped", work.exceptionNow());
        }
    }

    @Override
    public void close() {
        work.cancel(false);
        thread.shutdown();
        try {
            if (!thread.awaitTermination(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("The writer does not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
