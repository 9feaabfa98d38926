package dk.elleve.breach.assessment;

import dk.elleve.breach.assessment.Rule.Effect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Assesses a breach. The same facts always give the same answer.
@Component
public class Assessor {

    private static final Map<String, Function<Facts, @Nullable Object>> DECISIVE = decisive();

    private final Precedents precedents;

    Assessor(Precedents precedents) {
        this.precedents = precedents;
    }

    public Assessment assess(Facts facts) {
        var applying = Arrays.stream(Rule.values())
                .filter(rule -> rule.appliesTo(facts))
                .toList();
        boolean spared = applying.stream().anyMatch(rule -> rule.effect() == Effect.SPARES);
        boolean raised = applying.contains(Rule.E_1);
        boolean authority = !spared || raised;
        var reasons = new ArrayList<Rule>();
        if (!spared) {
            reasons.add(Rule.DEFAULT);
        }
        // A risk that is unlikely is not high either: what spares the authority spares the people.
        applying.stream()
                .filter(rule -> rule.effect() != Effect.PEOPLE || authority)
                .forEach(reasons::add);
        boolean people = reasons.stream().anyMatch(rule -> rule.effect() == Effect.PEOPLE);
        var enisa = Enisa.of(facts);
        return new Assessment(
                true,
                authority,
                people,
                reasons.stream()
                        .sorted()
                        .map(rule -> new Assessment.Reason(rule.id(), rule.text()))
                        .toList(),
                new Assessment.Severity(enisa.score(), enisa.band().word(), enisa),
                precedents.nearest(facts),
                DECISIVE.entrySet().stream()
                        .filter(fact -> fact.getValue().apply(facts) == null)
                        .map(Map.Entry::getKey)
                        .toList());
    }

    private static Map<String, Function<Facts, @Nullable Object>> decisive() {
        var facts = new LinkedHashMap<String, Function<Facts, @Nullable Object>>();
        facts.put("kinds", Facts::kinds);
        facts.put("malicious", Facts::malicious);
        facts.put("dataClasses", Facts::dataClasses);
        facts.put("specialCategories", Facts::specialCategories);
        facts.put("nationalIdOrIdDocument", Facts::nationalIdOrIdDocument);
        facts.put("identitySet", Facts::identitySet);
        facts.put("exposure", Facts::exposure);
        facts.put("unintelligible", Facts::unintelligible);
        facts.put("permanentLoss", Facts::permanentLoss);
        facts.put("logsProveNoOutflow", Facts::logsProveNoOutflow);
        return facts;
    }
}
