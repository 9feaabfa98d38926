package dk.elleve.audit.log;

import dk.elleve.contracts.Actor;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/// Transactions of somebody who sees everything and signs nothing.
public record OneScope(TransactionTemplate template) implements Transactions {

    @Override
    public <T> T read(Scope scope, Supplier<T> work) {
        @Nullable T result = template.<T>execute(status -> work.get());
        if (result == null) {
            throw new IllegalStateException("Work in a transaction returned null");
        }
        return result;
    }

    @Override
    public <T> T write(Scope scope, Actor actor, Supplier<T> work) {
        return read(scope, work);
    }
}
