package dk.elleve.audit.checkpoint;

import java.io.IOException;

/// A place outside this installation that bears witness to a checkpoint.
sealed interface SecondAnchor extends AutoCloseable permits WebhookAnchor, TimestampAnchor {

    /// The word it is known by in the database and in the metrics.
    String kind();

    /// Anchors what was published. Doing it twice does no harm.
    ///
    /// @throws IOException if the place is away, refuses, or answers what is no proof; it is tried
    ///     again
    void anchor(Publisher.Published published) throws IOException, InterruptedException;

    @Override
    void close();
}
