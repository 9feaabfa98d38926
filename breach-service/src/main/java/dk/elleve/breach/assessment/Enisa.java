package dk.elleve.breach.assessment;

import java.math.BigDecimal;
import java.util.Objects;

/// The severity of a breach by ENISA's method (Recommendations for a methodology of the assessment of severity of
/// personal data breaches, 2013): SE = DPC × EI + CB. Every input is a multiple of a quarter, so the arithmetic is
/// in whole quarters and the edges of the bands are exact.
///
/// @param dpc what kind of data, 1 to 4
/// @param ei how easily the people are identified: 0.25, 0.5, 0.75 or 1
/// @param confidentiality 0, 0.25 or 0.5, as integrity and availability
/// @param malicious 0 or 0.5
public record Enisa(
        int dpc,
        BigDecimal ei,
        BigDecimal confidentiality,
        BigDecimal integrity,
        BigDecimal availability,
        BigDecimal malicious) {

    /// @throws IllegalArgumentException if an input is none of the method's
    public Enisa {
        if (dpc < 1 || dpc > 4) {
            throw new IllegalArgumentException("dpc is 1, 2, 3 or 4");
        }
        check("ei", ei, 1, 4);
        check("confidentiality", confidentiality, 0, 2);
        check("integrity", integrity, 0, 2);
        check("availability", availability, 0, 2);
        check("malicious", malicious, 0, 2);
        if (quarters(malicious) == 1) {
            throw new IllegalArgumentException("malicious is 0 or 0.5");
        }
    }

    /// In quarters of the method's points.
    static Enisa ofQuarters(int dpc, int ei, int confidentiality, int integrity, int availability, int malicious) {
        return new Enisa(
                dpc, points(ei), points(confidentiality), points(integrity), points(availability), points(malicious));
    }

    /// How bad: below 2, below 3, below 4, from 4.
    public enum Band {
        LOW,
        MEDIUM,
        HIGH,
        VERY_HIGH;

        /// The word on the wire.
        public String word() {
            return switch (this) {
                case LOW -> "low";
                case MEDIUM -> "medium";
                case HIGH -> "high";
                case VERY_HIGH -> "very-high";
            };
        }
    }

    private int scoreInQuarters() {
        return dpc * quarters(ei)
                + quarters(confidentiality)
                + quarters(integrity)
                + quarters(availability)
                + quarters(malicious);
    }

    public BigDecimal score() {
        return points(scoreInQuarters());
    }

    public Band band() {
        int score = scoreInQuarters();
        if (score < 8) {
            return Band.LOW;
        }
        if (score < 12) {
            return Band.MEDIUM;
        }
        return score < 16 ? Band.HIGH : Band.VERY_HIGH;
    }

    /// The inputs as the facts give them. What is not known counts as the worse.
    static Enisa of(Facts facts) {
        return Objects.requireNonNullElseGet(facts.enisa(), () -> derived(facts));
    }

    private static Enisa derived(Facts facts) {
        boolean unreadable = Facts.yes(facts.unintelligible());
        return ofQuarters(
                data(facts),
                unreadable ? 1 : 4,
                facts.isOf("C") && !unreadable ? exposure(facts) : 0,
                facts.isOf("I") && Facts.yes(facts.misuseObserved()) ? (Facts.yes(facts.permanentLoss()) ? 2 : 1) : 0,
                facts.isOf("A") ? absence(facts) : 0,
                Facts.yes(facts.malicious()) ? 2 : 0);
    }

    /// Each class by itself, the highest counts.
    private static int data(Facts facts) {
        int simple = Facts.yes(facts.protectedOrVulnerable()) ? 4 : Facts.yes(facts.confidentialContext()) ? 2 : 1;
        int behavioural = facts.holds("behavioural") ? 2 : 1;
        int financial = Facts.yes(facts.paymentCards()) ? 4 : Facts.yes(facts.financialDetail()) ? 3 : 1;
        int sensitive = facts.isSpecial() ? 4 : facts.isHint() ? 2 : 1;
        return Math.max(Math.max(simple, behavioural), Math.max(financial, sensitive));
    }

    private static int exposure(Facts facts) {
        return switch (Objects.requireNonNullElse(facts.exposure(), "unknown")) {
            case "none" -> 0;
            case "known-few", "known-one", "known-one-trusted", "known-one-hostile" -> 1;
            default -> 2;
        };
    }

    private static int absence(Facts facts) {
        if (Facts.yes(facts.permanentLoss())) {
            return 2;
        }
        var hours = facts.restoreHours();
        return hours != null && hours <= 24 ? 0 : 1;
    }

    private static void check(String name, BigDecimal points, int min, int max) {
        var quarters = points.multiply(BigDecimal.valueOf(4)).stripTrailingZeros();
        if (quarters.scale() > 0
                || quarters.compareTo(BigDecimal.valueOf(min)) < 0
                || quarters.compareTo(BigDecimal.valueOf(max)) > 0) {
            throw new IllegalArgumentException(
                    name + " is a multiple of 0.25 from " + points(min) + " to " + points(max));
        }
    }

    private static int quarters(BigDecimal points) {
        return points.multiply(BigDecimal.valueOf(4)).intValueExact();
    }

    private static BigDecimal points(int quarters) {
        return BigDecimal.valueOf(quarters * 25L, 2);
    }
}
