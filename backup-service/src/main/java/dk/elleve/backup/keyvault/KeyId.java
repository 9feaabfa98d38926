package dk.elleve.backup.keyvault;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Names a key of a key vault, and one version of it when there is one:
/// `https://NAME.vault.azure.net/keys/KEY[/VERSION]`. Always in small letters: Azure makes no difference, and what
/// is derived from the name must not either.
///
/// @param host of the key vault, with a port when it has one of its own
record KeyId(String host, String key, @Nullable String version) {

    private static final Pattern PATH = Pattern.compile("/keys/([0-9a-z-]{1,127})(?:/([0-9a-z]{1,64}))?/?");

    /// @throws IllegalArgumentException saying what is wrong with it
    static KeyId parse(String text) {
        URI uri;
        try {
            uri = new URI(text.strip().toLowerCase(Locale.ROOT));
        } catch (URISyntaxException e) {
            // Never shown, here as below: somebody may have put a key where its name belongs.
            throw new IllegalArgumentException(wrong("is no address"));
        }
        if (!"https".equals(uri.getScheme())) {
            throw new IllegalArgumentException(wrong("does not begin with https://"));
        }
        if (uri.getHost() == null || uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null) {
            throw new IllegalArgumentException(wrong("is more or less than an address"));
        }
        var path = PATH.matcher(uri.getPath());
        if (!path.matches()) {
            throw new IllegalArgumentException(wrong("does not name a key"));
        }
        return new KeyId(uri.getAuthority(), path.group(1), path.group(2));
    }

    private static String wrong(String how) {
        return "the id of the master key " + how + "; it is to look like https://NAME.vault.azure.net/keys/KEY";
    }

    KeyId withVersion(String wanted) {
        return new KeyId(host, key, wanted.toLowerCase(Locale.ROOT));
    }

    String vaultUrl() {
        return "https://" + host;
    }

    @Override
    public String toString() {
        return vaultUrl() + "/keys/" + key + (version == null ? "" : "/" + version);
    }
}
