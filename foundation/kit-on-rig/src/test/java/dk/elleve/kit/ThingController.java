package dk.elleve.kit;

import dk.elleve.kit.idempotency.Idempotency;
import dk.elleve.kit.security.Caller;
import dk.elleve.kit.security.Role;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.kit.time.Ids;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The doors of the smallest service.
@RestController
@RolesAllowed(Role.TENANT_ADMIN)
public class ThingController {

    /// What happens between the effect of a POST and the storing of its answer.
    public static final AtomicReference<Runnable> AFTER_EFFECT = new AtomicReference<>(() -> {});

    record Part(@NotBlank String name) {}

    record NewThing(@NotBlank String note, @Valid List<Part> parts) {}

    record Made(String id) {}

    private final Transactions transactions;
    private final Idempotency idempotency;
    private final JdbcClient jdbc;

    ThingController(Transactions transactions, Idempotency idempotency, JdbcClient jdbc) {
        this.transactions = transactions;
        this.idempotency = idempotency;
        this.jdbc = jdbc;
    }

    @PostMapping("/things")
    Made make(@Valid @RequestBody NewThing thing) {
        var caller = Caller.current();
        return transactions.write(
                caller.scope(),
                caller.actor(),
                () -> idempotency.once(Made.class, () -> {
                    var id = Ids.nextText();
                    jdbc.sql("INSERT INTO data.thing VALUES (?, ?, ?)")
                            .params(caller.tenant().value(), id, thing.note())
                            .update();
                    AFTER_EFFECT.get().run();
                    return new Made(id);
                }));
    }

    @GetMapping("/things/{id}")
    Made one(@PathVariable UUID id, @RequestParam(defaultValue = "1") @Max(500) int limit) {
        return new Made(id.toString());
    }
}
