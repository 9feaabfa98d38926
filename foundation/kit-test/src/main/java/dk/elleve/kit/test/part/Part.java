package dk.elleve.kit.test.part;

import java.time.Duration;

/// One process of the platform. All methods may be called again: installing what is installed, starting what runs and
/// stopping what is down do nothing.
public interface Part {

    String name();

    /// Unpacks, fetches or builds what the part needs, once per machine.
    void install();

    /// Starts the process unless it runs already; does not wait for it.
    void start();

    /// Returns when the part answers; fails when it has ended or when the time is over.
    void awaitReady(Duration limit);

    boolean running();

    /// Asks the process to end, and ends it when it does not.
    void stop();
}
