package dk.elleve.tenantdata.area;

import java.time.Instant;
import java.util.List;

/// A processing area as it stands.
///
/// @param id the name in URLs
/// @param legalBasis the point of GDPR Art. 6(1) or 9(2), such as `6.1.b`
/// @param retention ISO 8601
public record Area(
        String id,
        String purpose,
        String legalBasis,
        List<String> dataSubjects,
        List<String> dataCategories,
        List<String> recipients,
        String retention,
        long version,
        Instant createdAt,
        Instant updatedAt) {

    public Area {
        dataSubjects = List.copyOf(dataSubjects);
        dataCategories = List.copyOf(dataCategories);
        recipients = List.copyOf(recipients);
    }
}
