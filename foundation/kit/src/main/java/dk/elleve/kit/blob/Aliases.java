package dk.elleve.kit.blob;

import java.util.Hashtable;
import java.util.Locale;
import java.util.Optional;
import javax.naming.Context;
import javax.naming.NamingException;
import javax.naming.directory.InitialDirContext;

/// Asks the name service where a host's name leads. An account of Azure is an alias of the cluster that
/// holds it, in one region; after a failover it is the alias of another.
final class Aliases {

    /// Longer chains are a loop.
    private static final int MOST = 8;

    private final Hashtable<String, String> environment = new Hashtable<>();

    /// @param server such as `dns://127.0.0.1:53`; `dns:` for those of this machine
    Aliases(String server) {
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put(Context.PROVIDER_URL, server);
        environment.put("com.sun.jndi.dns.timeout.initial", "500");
        environment.put("com.sun.jndi.dns.timeout.retries", "2");
    }

    /// The last name of the chain; empty when the host is no alias, or an address, or nobody answers.
    ///
    /// The ban on JNDI is for lookups of objects; the attributes of a DNS name are text and are never
    /// deserialized.
    @SuppressWarnings("BanJNDI")
    Optional<String> last(String host) {
        if (host.indexOf('.') < 0 || host.matches("[0-9.:\\[\\]]+")) {
            return Optional.empty();
        }
        try {
            var names = new InitialDirContext(environment);
            try {
                var name = host;
                for (var i = 0; i < MOST; i++) {
                    var alias =
                            names.getAttributes(name, new String[] {"CNAME"}).get("CNAME");
                    if (alias == null) {
                        break;
                    }
                    name = alias.get().toString().toLowerCase(Locale.ROOT).replaceAll("\\.$", "");
                }
                return name.equals(host) ? Optional.empty() : Optional.of(name);
            } finally {
                names.close();
            }
        } catch (NamingException e) {
            return Optional.empty();
        }
    }
}
