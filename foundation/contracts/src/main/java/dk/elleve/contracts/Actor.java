package dk.elleve.contracts;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Who did it. Never a name, a login or an address: those are personal data; this travels on topics and in the log.
///
/// @param kind what sort of actor this is
/// @param id the Keycloak subject (a UUID) of a person, the client id of a program, or the name of a system job
/// @param grant the access grant in whose name it was done, if any
public record Actor(Kind kind, String id, @Nullable String grant) {

    /// Lower-case on the wire.
    public enum Kind {
        /// A member of a tenant.
        USER,
        /// A person of the operator, standing outside all tenants.
        STAFF,
        /// A scheduled or event-driven job of a service.
        SYSTEM,
        /// A schema migration.
        MIGRATION,
        /// A database role without an attribution: somebody with SQL.
        DATABASE,
        /// Nobody has signed in.
        ANONYMOUS;

        /// The word on the wire.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// The kind of a word from the wire.
        ///
        /// @throws IllegalArgumentException if there is no such kind
        public static Kind of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    public static final Actor NOBODY = new Actor(Kind.ANONYMOUS, "-", null);

    /// @throws IllegalArgumentException if id or grant is blank or holds a character that could break a signed line
    public Actor {
        if (breaksALine(id) || (grant != null && breaksALine(grant))) {
            throw new IllegalArgumentException("An actor's id and grant are 1 to 200 printable characters each");
        }
    }

    private static boolean breaksALine(String text) {
        return text.isBlank() || text.length() > 200 || text.chars().anyMatch(c -> c < ' ');
    }

    /// A job of the platform itself, such as `identity/openings`.
    public static Actor system(String job) {
        return new Actor(Kind.SYSTEM, job, null);
    }
}
