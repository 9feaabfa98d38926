package dk.elleve.breach.assessment;

import static dk.elleve.breach.assessment.Facts.yes;

import dk.elleve.breach.Text;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// The named reasons of an assessment, fitted to the cases of EDPB Guidelines 01/2021 and 9/2022. The law's default
/// is to notify the authority (GDPR Art. 33(1)); a safe harbour spares that only when every limb of it is proven.
/// The rules for people (GDPR Art. 34(1)) name what makes a risk high.
enum Rule {
    SH_A(
            Effect.SPARES,
            "Oplysningerne er ulæselige for andre, nøglen er sikker, og alt kan genskabes inden for et døgn.",
            "The data cannot be read by others, the key is safe, and everything can be restored within a day.",
            facts -> unreadable(facts) && restorable(facts) && nothingElseLeft(facts)),
    SH_B(
            Effect.SPARES,
            "Ved en fejl sendt til få kendte modtagere, som har leveret tilbage eller slettet; kun almindelige kontaktoplysninger.",
            "Sent by accident to few known recipients who returned or deleted it; ordinary contact data only.",
            facts -> accidentalToFew(facts) && retrieved(facts) && ordinary(facts)),
    SH_C(
            Effect.SPARES,
            "En kort afbrydelse uden følger.",
            "A short outage without consequences.",
            facts -> List.of("A").equals(facts.kinds())
                    && !yes(facts.malicious())
                    && !yes(facts.serviceOrCareAffected())
                    && !yes(facts.permanentLoss())
                    && facts.restoreHours() != null
                    && facts.restoreHours() <= 1),
    SH_D(
            Effect.SPARES,
            "Kun e-mailadresser, set af få kendte modtagere.",
            "E-mail addresses only, seen by few known recipients.",
            facts -> accidentalToFew(facts) && ordinary(facts) && onlyMailAddresses(facts)),
    SH_E(
            Effect.SPARES,
            "Ingen nåede oplysningerne, og logfiler fra hele perioden beviser det.",
            "Nobody reached the data, and logs of the whole time prove it.",
            facts -> "none".equals(facts.exposure())
                    && yes(facts.logsProveNoOutflow())
                    && List.of("C").equals(facts.kinds())
                    && !yes(facts.misuseObserved())),
    DEFAULT(
            Effect.AUTHORITY,
            "Ingen undtagelse er bevist: tilsynet skal underrettes (GDPR art. 33, stk. 1).",
            "No exception is proven: the authority must be told (GDPR Art. 33(1)).",
            facts -> false),
    E_1(
            Effect.AUTHORITY,
            "ENISA-alvoren er høj; den kan kun skærpe vurderingen.",
            "The ENISA severity is high; it can only raise the assessment.",
            facts -> Enisa.of(facts).band().compareTo(Enisa.Band.HIGH) >= 0),
    H_1(
            Effect.PEOPLE,
            "Følsomme oplysninger er blottet eller mistet, eller behandlingen af mennesker er berørt.",
            "Special categories of data are exposed or lost, or the care of people is affected.",
            facts -> facts.isSpecial()
                            && (exposed(facts) || yes(facts.permanentLoss()) || yes(facts.serviceOrCareAffected()))
                    || yes(facts.serviceOrCareAffected()) && yes(facts.protectedOrVulnerable())),
    H_2(
            Effect.PEOPLE,
            "Betalingskort, løn- eller bankoplysninger eller CPR-nummer er i uvedkommendes hænder.",
            "Payment cards, wages or bank details or an identity number are in hands nobody vouches for.",
            facts -> inUnvouchedHands(facts)
                    && (yes(facts.paymentCards())
                            || yes(facts.financialDetail())
                            || yes(facts.nationalIdOrIdDocument()))),
    H_3(
            Effect.PEOPLE,
            "Nok til identitetstyveri er i ukendte hænder.",
            "Enough to steal an identity is in unknown hands.",
            facts -> inUnvouchedHands(facts) && yes(facts.identitySet())),
    H_4(
            Effect.PEOPLE,
            "Oplysninger er ændret og misbrugt.",
            "Data were manipulated and misused.",
            facts -> facts.isOf("I") && yes(facts.malicious()) && yes(facts.misuseObserved())),
    H_5(
            Effect.PEOPLE,
            "Adgangskoder kan bruges af andre.",
            "Passwords can be used by others.",
            facts -> inUnvouchedHands(facts) && facts.credentials() != null && !"none".equals(facts.credentials())),
    H_6(
            Effect.PEOPLE,
            "Beskyttede eller sårbare mennesker er berørt.",
            "Protected or vulnerable people are concerned.",
            facts -> yes(facts.protectedOrVulnerable()) && exposed(facts)),
    H_7(
            Effect.PEOPLE,
            "En angriber har gjort oplysninger utilgængelige for altid.",
            "An attacker has made data unavailable for good.",
            facts -> yes(facts.malicious()) && yes(facts.permanentLoss())),
    H_8(
            Effect.PEOPLE,
            "Sendt til mange, og ingen ved, hvad de har gjort med det.",
            "Sent to many, and nobody knows what they did with it.",
            facts -> "known-many".equals(facts.exposure()) && "unknown".equals(facts.recipientReaction())),
    O_1(
            Effect.PEOPLE,
            "CPR-nummer sammen med andre oplysninger hos en modtager, som ikke har slettet.",
            "An identity number together with other data at a recipient who has not deleted it.",
            facts -> yes(facts.nationalIdOrIdDocument())
                    && yes(facts.identitySet())
                    && exposed(facts)
                    && !retrieved(facts)),
    O_3(
            Effect.PEOPLE,
            "En medarbejder har taget økonomiske eller følsomme oplysninger.",
            "An insider took financial or sensitive data.",
            facts -> "insider".equals(facts.actor())
                    && yes(facts.malicious())
                    && (yes(facts.financialDetail()) || facts.isSpecial())),
    O_4(
            Effect.PEOPLE,
            "En indtrænger udefra nåede oplysningerne, og intet beviser, at de ikke er taget.",
            "An intruder reached the data, and nothing proves that they were not taken.",
            facts -> "external".equals(facts.actor())
                    && yes(facts.malicious())
                    && "malicious".equals(facts.exposure())
                    && facts.isOf("C")
                    && !yes(facts.logsProveNoOutflow())),
    E_2(
            Effect.PEOPLE,
            "ENISA-alvoren er meget høj; den kan kun skærpe vurderingen.",
            "The ENISA severity is very high; it can only raise the assessment.",
            facts -> Enisa.of(facts).band() == Enisa.Band.VERY_HIGH);

    /// What it means when a rule applies.
    enum Effect {
        /// The authority need not be told.
        SPARES,
        /// The authority must be told, whatever spares.
        AUTHORITY,
        /// The people must be told too.
        PEOPLE
    }

    private static final int FEW = 20;
    private static final Set<String> VOUCHED = Set.of("none", "known-few", "known-one", "known-one-trusted", "trusted");
    private static final Set<String> RETRIEVED = Set.of(
            "recalled",
            "returned",
            "retrieved",
            "deleted",
            "destroyed",
            "confirmed",
            "deletion-confirmed",
            "confirmed-deletion",
            "confirmed-deleted",
            "recovered",
            "erased",
            "deletion-requested");
    private static final Pattern MAIL_ADDRESS = Pattern.compile("e-?mail( address(es)?)?");

    private final Effect effect;
    private final Text text;
    private final Predicate<Facts> applies;

    Rule(Effect effect, String da, String en, Predicate<Facts> applies) {
        this.effect = effect;
        this.text = new Text(da, en);
        this.applies = applies;
    }

    /// As in `SH-A`: part of the answer's contract.
    String id() {
        return this == DEFAULT ? "default" : name().replace("_", name().startsWith("SH") ? "-" : "");
    }

    Effect effect() {
        return effect;
    }

    Text text() {
        return text;
    }

    boolean appliesTo(Facts facts) {
        return applies.test(facts);
    }

    private static boolean unreadable(Facts facts) {
        return yes(facts.unintelligible()) && yes(facts.keyOrSaltSafe());
    }

    private static boolean restorable(Facts facts) {
        if (yes(facts.permanentLoss()) || yes(facts.serviceOrCareAffected())) {
            return false;
        }
        return !facts.isOf("A")
                || "usable".equals(facts.backup()) && facts.restoreHours() != null && facts.restoreHours() <= 24;
    }

    /// Where an attacker was but nothing is said to have left, logs must prove it.
    private static boolean nothingElseLeft(Facts facts) {
        return facts.isOf("C") || !yes(facts.malicious()) || yes(facts.logsProveNoOutflow());
    }

    private static boolean accidentalToFew(Facts facts) {
        return !yes(facts.malicious())
                && !yes(facts.misuseObserved())
                && facts.exposure() != null
                && VOUCHED.contains(facts.exposure())
                && !"none".equals(facts.exposure())
                && facts.recipientCount() != null
                && facts.recipientCount() <= FEW;
    }

    private static boolean retrieved(Facts facts) {
        return facts.recipientReaction() != null && RETRIEVED.contains(facts.recipientReaction());
    }

    private static boolean ordinary(Facts facts) {
        return !facts.isSpecial()
                && !facts.holds("unspecified")
                && !yes(facts.nationalIdOrIdDocument())
                && !yes(facts.paymentCards())
                && !yes(facts.financialDetail())
                && !yes(facts.confidentialContext())
                && !yes(facts.identitySet())
                && !yes(facts.protectedOrVulnerable())
                && (facts.credentials() == null || "none".equals(facts.credentials()));
    }

    private static boolean onlyMailAddresses(Facts facts) {
        return facts.dataFields() != null
                && !facts.dataFields().isEmpty()
                && facts.dataFields().stream()
                        .allMatch(field -> MAIL_ADDRESS.matcher(field).matches());
    }

    /// Somebody could see it, or nothing proves that nobody could.
    private static boolean exposed(Facts facts) {
        return facts.isOf("C") && !unreadable(facts) && !"none".equals(facts.exposure());
    }

    private static boolean inUnvouchedHands(Facts facts) {
        return exposed(facts) && (facts.exposure() == null || !VOUCHED.contains(facts.exposure()));
    }
}
