package dk.elleve.kit.tenancy;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import dk.elleve.kit.attribution.Attribution;
import dk.elleve.kit.attribution.AttributionSigner;
import dk.elleve.kit.request.RequestId;
import dk.elleve.kit.trace.Trace;
import java.time.Clock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

final class TenantTransactionsStore implements Transactions {

    private final TransactionTemplate writing;
    private final TransactionTemplate reading;
    private final JdbcClient jdbc;
    private final AttributionSigner signer;
    private final Clock clock;

    TenantTransactionsStore(
            PlatformTransactionManager manager, JdbcClient jdbc, AttributionSigner signer, Clock clock) {
        this.writing = new TransactionTemplate(manager);
        this.reading = new TransactionTemplate(manager);
        this.reading.setReadOnly(true);
        this.jdbc = jdbc;
        this.signer = signer;
        this.clock = clock;
    }

    @Override
    public <T> T read(Scope scope, Supplier<T> work) {
        var open = (Open) TransactionSynchronizationManager.getResource(this);
        if (open != null) {
            open.mustBe(scope);
            return work.get();
        }
        return inNew(
                reading,
                new Open(scope, false),
                work,
                () -> jdbc.sql("SELECT set_config('elleve.tenant', ?, true)")
                        .param(scope.setting())
                        .query(String.class)
                        .single());
    }

    @Override
    public <T> T write(Scope scope, Actor actor, Supplier<T> work) {
        var open = (Open) TransactionSynchronizationManager.getResource(this);
        if (open != null) {
            open.mustBe(scope);
            if (!open.writing()) {
                throw new IllegalStateException("A write was asked for inside a read; open the write first");
            }
            return work.get();
        }
        return inNew(writing, new Open(scope, true), work, () -> attribute(scope, actor));
    }

    private void attribute(Scope scope, Actor actor) {
        var transaction = jdbc.sql("""
                        SELECT pg_current_xact_id()::text, set_config('elleve.tenant', ?, true), set_config('elleve.actor', ?, true)
                        """)
                .param(scope.setting())
                .param(actor.kind().word() + ":" + actor.id())
                .query((row, i) -> row.getString(1))
                .single();
        TenantId tenant = scope instanceof Scope.Tenant one ? one.id() : null;
        var attribution = new Attribution(
                signer.service(),
                actor,
                tenant,
                RequestId.current(),
                Trace.id(),
                clock.instant(),
                Long.parseLong(transaction));
        jdbc.sql("SELECT pg_logical_emit_message(true, ?, ?)::text")
                .param(Attribution.PREFIX)
                .param(signer.sign(attribution))
                .query(String.class)
                .single();
    }

    private <T> T inNew(TransactionTemplate template, Open open, Supplier<T> work, Runnable first) {
        @Nullable T result = template.<T>execute(status -> {
            first.run();
            TransactionSynchronizationManager.bindResource(this, open);
            try {
                return work.get();
            } finally {
                TransactionSynchronizationManager.unbindResource(this);
            }
        });
        if (result == null) {
            throw new IllegalStateException("Work in a transaction returned null");
        }
        return result;
    }

    private record Open(Scope scope, boolean writing) {

        void mustBe(Scope other) {
            if (!scope.equals(other)) {
                throw new IllegalStateException(
                        "A transaction sees one scope only: it was opened for " + scope + " and asked for " + other);
            }
        }
    }
}
