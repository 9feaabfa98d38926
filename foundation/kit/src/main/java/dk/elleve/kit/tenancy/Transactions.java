package dk.elleve.kit.tenancy;

import dk.elleve.contracts.Actor;
import java.util.function.Supplier;

/// The only way into the database. A transaction sees one [Scope], said to PostgreSQL once, before
/// anything else; the row-level policies check it on every row. A write is signed with its actor
/// ([dk.elleve.kit.attribution.Attribution]) before its first change, so that a later savepoint that
/// rolls back cannot take the signature with it.
public interface Transactions {

    /// Runs `work` in a read-only transaction.
    <T> T read(Scope scope, Supplier<T> work);

    /// Runs `work` in a transaction that commits when it returns and rolls back when it throws.
    /// Inside a write of the same scope it joins that transaction.
    ///
    /// @throws IllegalStateException inside a transaction of another scope, or inside a read
    <T> T write(Scope scope, Actor actor, Supplier<T> work);

    /// The same without a result.
    default void run(Scope scope, Actor actor, Runnable work) {
        write(scope, actor, () -> {
            work.run();
            return true;
        });
    }
}
