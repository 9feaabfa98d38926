package dk.elleve.backup.restore;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Fetches a row of things in order, a few of them ahead of the reader, so that memory stays bounded.
final class Ahead<T> implements AutoCloseable {

    private final ExecutorService workers;
    private final Iterator<Callable<T>> tasks;
    private final ArrayDeque<Future<T>> underWay = new ArrayDeque<>();
    private final int depth;

    Ahead(Iterator<Callable<T>> tasks, int depth) {
        this.tasks = tasks;
        this.depth = depth;
        this.workers = Executors.newFixedThreadPool(
                depth, Thread.ofPlatform().name("fetch-", 1).daemon().factory());
        fill();
    }

    private void fill() {
        while (underWay.size() < depth && tasks.hasNext()) {
            underWay.add(workers.submit(tasks.next()));
        }
    }

    boolean hasNext() {
        return !underWay.isEmpty();
    }

    T next() throws InterruptedException {
        try {
            return underWay.removeFirst().get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } finally {
            fill();
        }
    }

    /// Returns when nothing of it runs any more: what is broken off must not go on behind the caller's back.
    @Override
    public void close() {
        workers.shutdownNow();
        workers.close();
    }
}
