package dk.elleve.bench;

import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// A hundred transactions of ten changes a second, whether the reader keeps up or not.
final class Steady implements AutoCloseable {

    private static final int TRANSACTION = 10;
    private static final long BETWEEN = 10;

    private final ScheduledExecutorService thread;
    private final ScheduledFuture<?> work;

    private Steady(Workload workload) {
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
                BETWEEN,
                TimeUnit.MILLISECONDS);
    }

    static Steady start(Workload workload) {
        return new Steady(workload);
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
