package dk.elleve.audit.siem;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// An authority and what it has signed, made by the JDK's `keytool`.
final class Certificates {

    private static final String PASSWORD = "not-a-secret";

    private final Path folder;
    private final String name;

    /// @param name of the authority, and of its files
    Certificates(Path folder, String name) {
        this.folder = folder;
        this.name = name;
        keytool("-genkeypair", "-alias", "ca", "-dname", "CN=" + name, "-ext", "bc:critical=ca:true", "-keyalg", "EC");
        keytool("-exportcert", "-rfc", "-alias", "ca", "-file", ca().toString());
    }

    Path ca() {
        return folder.resolve(name + "-ca.pem");
    }

    /// Makes a certificate for this host name, which is its alias, too.
    Certificates signed(String host) {
        keytool(
                "-genkeypair",
                "-alias",
                host,
                "-dname",
                "CN=" + host,
                "-ext",
                "san=dns:" + host,
                "-keyalg",
                "EC",
                "-signer",
                "ca");
        return this;
    }

    Path chain(String alias) throws IOException, GeneralSecurityException {
        var pem = new StringBuilder();
        for (var certificate : store().getCertificateChain(alias)) {
            pem.append(pem("CERTIFICATE", certificate.getEncoded()));
        }
        return Files.writeString(folder.resolve(name + "-" + alias + ".pem"), pem);
    }

    Path key(String alias) throws IOException, GeneralSecurityException {
        var key = store().getKey(alias, PASSWORD.toCharArray());
        return Files.writeString(folder.resolve(name + "-" + alias + "-key.pem"), pem("PRIVATE KEY", key.getEncoded()));
    }

    /// A server that shows this certificate, and trusts clients of this authority.
    SSLContext server(String alias) throws IOException, GeneralSecurityException {
        var only = KeyStore.getInstance("PKCS12");
        only.load(null, null);
        only.setKeyEntry(
                alias,
                store().getKey(alias, PASSWORD.toCharArray()),
                PASSWORD.toCharArray(),
                store().getCertificateChain(alias));
        var keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(only, PASSWORD.toCharArray());
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", store().getCertificate("ca"));
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private KeyStore store() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file())) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private Path file() {
        return folder.resolve(name + ".p12");
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
                + "\n-----END " + what + "-----\n";
    }

    private void keytool(String... words) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(words));
        command.addAll(List.of("-keystore", file().toString(), "-storepass", PASSWORD));
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("keytool: " + said);
            }
        } catch (IOException e) {
            throw new IllegalStateException("keytool did not run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }
}
