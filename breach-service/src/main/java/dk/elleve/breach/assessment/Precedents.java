package dk.elleve.breach.assessment;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// The published cases of EDPB Guidelines 01/2021 and 9/2022 (Annex B), as facts.
@Component
class Precedents {

    record Expected(boolean document, boolean notifyAuthority, boolean notifySubjects) {}

    record Case(String id, String source, String title, Facts facts, Expected expected) {}

    private static final int SHOWN = 3;

    /// What makes two breaches alike; the size and the words of a case do not.
    private static final List<Function<Facts, @Nullable Object>> FEATURES = List.of(
            facts -> facts.isOf("C"),
            facts -> facts.isOf("I"),
            facts -> facts.isOf("A"),
            facts -> Facts.yes(facts.malicious()),
            Facts::actor,
            Facts::exposure,
            facts -> "real".equals(facts.specialCategories()),
            facts -> Facts.yes(facts.nationalIdOrIdDocument()),
            facts -> Facts.yes(facts.paymentCards()) || Facts.yes(facts.financialDetail()),
            facts -> facts.credentials() != null && !"none".equals(facts.credentials()),
            facts -> Facts.yes(facts.identitySet()),
            facts -> Facts.yes(facts.confidentialContext()),
            facts -> Facts.yes(facts.protectedOrVulnerable()),
            facts -> Facts.yes(facts.unintelligible()),
            facts -> Facts.yes(facts.permanentLoss()),
            facts -> Facts.yes(facts.serviceOrCareAffected()),
            facts -> Facts.yes(facts.misuseObserved()),
            Facts::recipientReaction);

    private final List<Case> cases;

    Precedents(JsonMapper json) {
        try (InputStream in = Objects.requireNonNull(
                Precedents.class.getResourceAsStream("/edpb-cases.json"), "edpb-cases.json is part of the jar")) {
            this.cases = List.of(json.readValue(in, Case[].class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Case> all() {
        return cases;
    }

    List<Assessment.Precedent> nearest(Facts facts) {
        return cases.stream()
                .sorted(Comparator.<Case>comparingLong(each -> -agreeing(facts, each.facts()))
                        .thenComparing(Case::id))
                .limit(SHOWN)
                .map(each -> new Assessment.Precedent(
                        each.id(),
                        each.title(),
                        each.source(),
                        BigDecimal.valueOf(agreeing(facts, each.facts()))
                                .divide(BigDecimal.valueOf(FEATURES.size()), 2, RoundingMode.HALF_UP),
                        each.expected().notifyAuthority(),
                        each.expected().notifySubjects()))
                .toList();
    }

    private static long agreeing(Facts one, Facts other) {
        return FEATURES.stream()
                .filter(feature -> Objects.equals(feature.apply(one), feature.apply(other)))
                .count();
    }
}
