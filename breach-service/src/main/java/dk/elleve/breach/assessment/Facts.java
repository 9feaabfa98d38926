package dk.elleve.breach.assessment;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is known of a breach. Absent means: not known, or does not apply. A word the rules do not know proves
/// nothing.
///
/// @param kinds `C`, `I`, `A`: confidentiality, integrity, availability (GDPR Art. 4(12))
/// @param specialCategories `none`, `real`, or another word where the data only hint at such (GDPR Art. 9)
/// @param credentials `none`, or how they could be read: `clear`, `guessed`, `hashed`
/// @param exposure who could see it: `none`, `known-few`, `known-many`, `known-one-hostile`, `malicious`,
///     `unknown`, `public`
/// @param keyOrSaltSafe whether what would make encrypted data readable is out of reach
/// @param unintelligible whether whoever has the data can make nothing of it
/// @param logsProveNoOutflow whether logs of the whole time of exposure prove that nothing left
/// @param enisa the four inputs, where a person scored them instead of leaving it to the facts
public record Facts(
        @Nullable String summary,
        @Nullable List<String> kinds,
        @Nullable Boolean malicious,
        @Nullable String actor,
        @Nullable String cause,
        @Nullable List<String> dataClasses,
        @Nullable List<String> dataFields,
        @Nullable String specialCategories,
        @Nullable Boolean nationalIdOrIdDocument,
        @Nullable Boolean paymentCards,
        @Nullable Boolean financialDetail,
        @Nullable String credentials,
        @Nullable Boolean confidentialContext,
        @Nullable Boolean identitySet,
        @Nullable Boolean protectedOrVulnerable,
        @Nullable List<String> subjectKinds,
        @Nullable Integer subjectsMin,
        @Nullable Integer subjectsMax,
        @Nullable String subjectsText,
        @Nullable String exposure,
        @Nullable Integer recipientCount,
        @Nullable String recipientReaction,
        @Nullable String encryption,
        @Nullable Boolean keyOrSaltSafe,
        @Nullable Boolean unintelligible,
        @Nullable String backup,
        @Nullable Double restoreHours,
        @Nullable Boolean permanentLoss,
        @Nullable Boolean serviceOrCareAffected,
        @Nullable Boolean logsProveNoOutflow,
        @Nullable Boolean misuseObserved,
        @Nullable Integer undetectedDays,
        @Nullable Boolean crossBorder,
        @Nullable String role,
        @Nullable Enisa enisa) {

    boolean isOf(String kind) {
        return kinds != null && kinds.contains(kind);
    }

    boolean holds(String dataClass) {
        return dataClasses != null && dataClasses.contains(dataClass);
    }

    /// Whether special categories of data (GDPR Art. 9) are really told, not only hinted at.
    boolean isSpecial() {
        return "real".equals(specialCategories) || (holds("sensitive") && !isHint());
    }

    /// Whether the data only let somebody guess at special categories.
    boolean isHint() {
        return specialCategories != null && !Set.of("none", "real", "unknown").contains(specialCategories);
    }

    static boolean yes(@Nullable Boolean flag) {
        return Boolean.TRUE.equals(flag);
    }
}
