package dk.elleve.backup.wire;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Where the cluster listens and who we are there.
///
/// @param host the server's name or address
/// @param port the server's port
/// @param user a role with `LOGIN REPLICATION`
/// @param password its password
/// @param sslMode as in libpq: `disable`, `require`, `verify-ca` or `verify-full`
/// @param sslRootCertificate file of the authority that signed the server's certificate, for the `verify-…`
///     modes
/// @param deadline how long the server may be silent before the line counts as broken
public record WireSettings(
        String host,
        int port,
        String user,
        String password,
        String sslMode,
        @Nullable String sslRootCertificate,
        Duration deadline) {

    /// A line without TLS, for a server on the same machine.
    public static WireSettings local(String host, int port, String user, String password) {
        return new WireSettings(host, port, user, password, "disable", null, Duration.ofMinutes(1));
    }

    @Override
    public String toString() {
        return user + "@" + host + ":" + port + " (password ***)";
    }
}
