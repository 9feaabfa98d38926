package dk.elleve.kit.idempotency;

import dk.elleve.kit.cursor.Cursors;
import dk.elleve.kit.problem.CommonProblem;
import dk.elleve.kit.security.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import tools.jackson.databind.json.JsonMapper;

final class IdempotencyStore implements Idempotency {

    private record Kept(byte[] request, @Nullable String answer) {}

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Cursors cursors;

    IdempotencyStore(JdbcClient jdbc, JsonMapper json, Cursors cursors) {
        this.jdbc = jdbc;
        this.json = json;
        this.cursors = cursors;
    }

    /// A day is what a client is promised; what was given is not kept for longer.
    @Scheduled(initialDelay = 1, fixedDelay = 60, timeUnit = TimeUnit.MINUTES)
    int forgetOld() {
        return jdbc.sql("DELETE FROM kit.idempotency WHERE created_at < now() - interval '1 day'")
                .update();
    }

    @Override
    public <T> T once(Class<T> type, Supplier<T> work) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("A key is claimed inside the transaction of the work");
        }
        if (!(RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)
                || !(attributes.getRequest().getAttribute(KeyedRequest.ATTRIBUTE) instanceof KeyedRequest request)) {
            return work.get();
        }
        var caller = claimant(attributes.getRequest());
        var fingerprint = cursors.fingerprint(request.digest());
        var fresh = jdbc.sql("""
                        INSERT INTO kit.idempotency (caller, key, request)
                        VALUES (?, ?, ?)
                        ON CONFLICT (caller, key) DO NOTHING
                        """).params(caller, request.key(), fingerprint).update() == 1;
        if (fresh) {
            var answer = work.get();
            jdbc.sql("UPDATE kit.idempotency SET answer = ? WHERE caller = ? AND key = ?")
                    .params(json.writeValueAsString(answer), caller, request.key())
                    .update();
            return answer;
        }
        var kept = jdbc.sql("SELECT request, answer FROM kit.idempotency WHERE caller = ? AND key = ?")
                .params(caller, request.key())
                .query((row, i) -> new Kept(row.getBytes("request"), row.getString("answer")))
                .single();
        if (!MessageDigest.isEqual(kept.request(), fingerprint) || kept.answer() == null) {
            throw CommonProblem.IDEMPOTENCY_KEY_REUSED.with(
                    "This Idempotency-Key came before with another body or path; use a new key for a new request.");
        }
        return json.readValue(kept.answer(), type);
    }

    /// Whoever may use a key without meeting somebody else's: a person in one tenant under one grant. The same
    /// person with the same key elsewhere makes another request, and must not be told the answer of the first.
    private String claimant(HttpServletRequest request) {
        var caller = Caller.current();
        var parts = new ArrayList<@Nullable String>();
        parts.add(caller.subject());
        parts.add(request.getHeader("Elleve-Tenant"));
        parts.add(request.getHeader("Elleve-Grant"));
        parts.addAll(new TreeSet<>(caller.organizations()));
        // A hash, since the headers may be longer than a key of the table.
        return HexFormat.of().formatHex(cursors.fingerprint(json.writeValueAsBytes(parts)));
    }
}
