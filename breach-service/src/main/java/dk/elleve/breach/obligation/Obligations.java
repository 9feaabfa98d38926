package dk.elleve.breach.obligation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// The duties the platform knows, from `obligations.json`: a number of a law is data with its source, not code.
@Component
public class Obligations {

    /// One duty in one case.
    ///
    /// @param due absent where the law says no hours
    /// @param formalEnd the later reading of the same period (Regulation 1182/71 Art. 3), for information
    /// @param state `running`, `late` or `done`; absent where there is no period
    public record Clock(
            String id,
            String law,
            String to,
            Instant anchor,
            @Nullable Instant due,
            @Nullable Instant formalEnd,
            @Nullable String soft,
            @Nullable String state) {}

    private static final String AWARE = "awareOfPersonalDataBreach";

    private final List<Obligation> all;

    Obligations(JsonMapper json) {
        try (InputStream in = Objects.requireNonNull(
                Obligations.class.getResourceAsStream("/obligations.json"), "obligations.json is part of the jar")) {
            this.all = List.of(json.readValue(in, Obligation[].class)).stream()
                    .filter(duty -> !Boolean.FALSE.equals(duty.enabled()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// When the authority must have been told: 72 hours from awareness (GDPR Art. 33(1)).
    public Instant authorityDue(Instant awareAt) {
        return named("GDPR-33-1").due(awareAt);
    }

    /// The clocks of a case.
    ///
    /// @param doneAt when the authority was told, or when it was decided that it need not be
    /// @param ofTenant whether it concerns a tenant's data: then the tenant, as controller, must hear of it (GDPR
    ///     Art. 33(2))
    public List<Clock> clocks(Instant awareAt, @Nullable Instant doneAt, boolean ofTenant, Instant now) {
        return all.stream()
                .filter(duty -> duty.law().startsWith("GDPR Art. 33"))
                .filter(duty ->
                        duty.anchor().equals(AWARE) || ofTenant && duty.id().equals("GDPR-33-2"))
                .map(duty -> clock(duty, awareAt, doneAt, now))
                .toList();
    }

    private static Clock clock(Obligation duty, Instant awareAt, @Nullable Instant doneAt, Instant now) {
        if (duty.period() == null) {
            return new Clock(duty.id(), duty.law(), duty.to(), awareAt, null, null, duty.soft(), null);
        }
        var due = duty.due(awareAt);
        boolean late = (doneAt == null ? now : doneAt).isAfter(due);
        var state = late ? "late" : doneAt == null ? "running" : "done";
        return new Clock(
                duty.id(),
                duty.law(),
                duty.to(),
                awareAt,
                due,
                Periods.formalEnd(awareAt, duty.hours()),
                duty.soft(),
                state);
    }

    List<Obligation> all() {
        return all;
    }

    private Obligation named(String id) {
        return all.stream().filter(duty -> duty.id().equals(id)).findFirst().orElseThrow();
    }
}
