package dk.elleve.audit.retention;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import java.time.Instant;
import java.time.Period;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// How long what the entries of a class say is kept.
///
/// @param tenant whose entries; absent for those of everybody who has no rule of their own
/// @param period from [#LEAST] to [#MOST]; absent for good
/// @param inForce not before [#NOTICE] has gone by, where something is to be taken away
record Rule(
        UUID id,
        @Nullable TenantId tenant,
        EntryClass of,
        @Nullable Period period,
        Instant inForce,
        Actor by,
        Instant at) {

    static final Period LEAST = Period.ofDays(30);

    /// Nobody means more, and no database reckons back for ever.
    static final Period MOST = Period.ofYears(100);

    /// In that time a rule is seen and can be taken back.
    static final Period NOTICE = Period.ofDays(7);
}
