package dk.elleve.kit.idempotency;

import java.util.function.Supplier;

/// A POST that carries an `Idempotency-Key` is carried out once, however often it is sent.
public interface Idempotency {

    /// Runs `work`, or gives what it gave when the same request came before. The key is claimed in the
    /// present transaction, so the claim and the work commit together or not at all; a second request
    /// at the same time waits for the first. Without the header it just runs `work`.
    ///
    /// What `work` gives is stored as JSON in clear for a day: give ids and states, never personal data, and read
    /// the rest again.
    ///
    /// @throws dk.elleve.kit.problem.Problem `idempotency-key-reused` if the key came before with another body or
    /// path
    /// @throws IllegalStateException outside a transaction
    <T> T once(Class<T> type, Supplier<T> work);
}
