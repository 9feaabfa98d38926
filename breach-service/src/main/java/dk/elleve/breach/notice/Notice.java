package dk.elleve.breach.notice;

import dk.elleve.breach.Text;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A notice of a case: a draft until its receipt proves that it was sent.
///
/// @param receipt absent for a draft
record Notice(
        int number,
        Audience audience,
        Text text,
        Instant createdAt,
        String createdBy,
        @Nullable Receipt receipt) {

    /// Who is told.
    enum Audience {
        /// The supervisory authority (GDPR Art. 33(1)).
        AUTHORITY,
        /// The people concerned (GDPR Art. 34(1)).
        SUBJECTS,
        /// The tenant, who is the controller (GDPR Art. 33(2)).
        TENANT;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param sha256 of the receipt's file, such as the PDF of virk.dk
    /// @param reasonForDelay why the authority was told after 72 hours (GDPR Art. 33(1), second sentence)
    record Receipt(
            Instant sentAt,
            String channel,
            @Nullable String reference,
            @Nullable String sha256,
            @Nullable String reasonForDelay,
            String recordedBy,
            Instant recordedAt) {}
}
