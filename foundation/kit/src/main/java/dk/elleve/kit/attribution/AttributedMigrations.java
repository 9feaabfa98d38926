package dk.elleve.kit.attribution;

import dk.elleve.contracts.Actor;
import dk.elleve.kit.request.RequestId;
import dk.elleve.kit.trace.Trace;
import java.sql.SQLException;
import java.time.Clock;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/// Signs each migration's transaction as the work of a migration, before its first statement.
public final class AttributedMigrations implements Callback {

    private final AttributionSigner signer;
    private final Clock clock;

    public AttributedMigrations(AttributionSigner signer, Clock clock) {
        this.signer = signer;
        this.clock = clock;
    }

    @Override
    public boolean supports(Event event, Context context) {
        return event == Event.BEFORE_EACH_MIGRATE;
    }

    @Override
    public boolean canHandleInTransaction(Event event, Context context) {
        return true;
    }

    @Override
    public void handle(Event event, Context context) {
        var connection = context.getConnection();
        try (var statement = connection.createStatement();
                var emit = connection.prepareStatement("SELECT pg_logical_emit_message(true, ?, ?)")) {
            long transaction;
            try (var row = statement.executeQuery("SELECT pg_current_xact_id()::text")) {
                row.next();
                transaction = Long.parseLong(row.getString(1));
            }
            var actor = new Actor(Actor.Kind.MIGRATION, signer.service(), null);
            emit.setString(1, Attribution.PREFIX);
            emit.setString(
                    2,
                    signer.sign(new Attribution(
                            signer.service(),
                            actor,
                            null,
                            RequestId.current(),
                            Trace.id(),
                            clock.instant(),
                            transaction)));
            emit.execute();
        } catch (SQLException e) {
            throw new FlywayException("A migration could not be signed: " + e.getMessage(), e);
        }
    }

    @Override
    public String getCallbackName() {
        return "attributed-migrations";
    }
}
