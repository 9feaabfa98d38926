package dk.elleve.audit.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A certificate authority and a time stamping authority, as the program `openssl` is one.
final class OpenSsl {

    static final Path PROGRAM = Path.of("/usr/bin/openssl");
    static final String ABSENT = "openssl is not installed (Debian: apt-get install openssl)";

    private static final String TIMESTAMPING = "extendedKeyUsage=critical,timeStamping";

    private final Path folder;

    /// @param folder of this authority alone
    OpenSsl(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        Files.writeString(folder.resolve("tsa.cnf"), """
                [tsa]
                default_tsa = one
                [one]
                serial = %1$s/serial
                signer_cert = %1$s/tsa.pem
                certs = %1$s/ca.pem
                signer_key = %1$s/tsa.key
                signer_digest = sha256
                default_policy = 1.2.3.4.1
                digests = sha256
                accuracy = secs:1
                ess_cert_id_alg = sha256
                """.formatted(folder));
        Files.writeString(folder.resolve("serial"), "01\n");
        run(
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-keyout",
                "ca.key",
                "-out",
                "ca.pem",
                "-days",
                "2",
                "-subj",
                "/CN=" + folder.getFileName());
        signed("tsa", TIMESTAMPING);
    }

    Path ca() {
        return folder.resolve("ca.pem");
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /// Makes `<name>.key` and `<name>.pem`.
    ///
    /// @param extension what the certificate is for
    void signed(String name, String extension) throws IOException {
        Files.writeString(folder.resolve(name + ".ext"), extension + "\n");
        run(
                "req",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-keyout",
                name + ".key",
                "-out",
                name + ".csr",
                "-subj",
                "/CN=" + name);
        run(
                "x509",
                "-req",
                "-in",
                name + ".csr",
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-out",
                name + ".pem",
                "-days",
                "2",
                "-extfile",
                name + ".ext");
    }

    /// What the authority answers to a query of RFC 3161.
    byte[] reply(byte[] query) throws IOException {
        Files.write(folder.resolve("query.tsq"), query);
        run("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq", "-out", "reply.tsr");
        return Files.readAllBytes(folder.resolve("reply.tsr"));
    }

    /// The same from an authority that takes no SHA-256.
    byte[] rejection(byte[] query) throws IOException {
        var config = Files.readString(folder.resolve("tsa.cnf"));
        Files.writeString(folder.resolve("other.cnf"), config.replace("digests = sha256", "digests = sha512"));
        Files.write(folder.resolve("query.tsq"), query);
        run("ts", "-reply", "-config", "other.cnf", "-queryfile", "query.tsq", "-out", "rejection.tsr");
        return Files.readAllBytes(folder.resolve("rejection.tsr"));
    }

    /// The same statement signed with a certificate of another purpose, which the program itself
    /// would not do.
    byte[] replySignedBy(String name, byte[] query) throws IOException {
        reply(query);
        run("ts", "-reply", "-in", "reply.tsr", "-token_out", "-out", "token.der");
        run("cms", "-verify", "-noverify", "-inform", "DER", "-in", "token.der", "-out", "statement.der");
        run(
                "cms",
                "-sign",
                "-cades",
                "-binary",
                "-nodetach",
                "-md",
                "sha256",
                "-econtent_type",
                "1.2.840.113549.1.9.16.1.4",
                "-in",
                "statement.der",
                "-signer",
                name + ".pem",
                "-inkey",
                name + ".key",
                "-outform",
                "DER",
                "-out",
                "other.der");
        run("ts", "-reply", "-in", "other.der", "-token_in", "-out", "other.tsr");
        return Files.readAllBytes(folder.resolve("other.tsr"));
    }

    /// Whether the program verifies the stamp of this content, as anybody may call it.
    String verify(byte[] content, byte[] stamp) throws IOException {
        Files.write(folder.resolve("content"), content);
        Files.write(folder.resolve("stamp.tsr"), stamp);
        return run("ts", "-verify", "-data", "content", "-in", "stamp.tsr", "-CAfile", "ca.pem");
    }

    private String run(String... words) throws IOException {
        var command = new ArrayList<>(List.of(PROGRAM.toString()));
        command.addAll(List.of(words));
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
        return said;
    }
}
