package dk.elleve.tlog;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.LongFunction;

/// Asks one witness to cosign (c2sp.org/tlog-witness), from the log's side. Remembers how far the witness has cosigned;
/// a new one finds out by asking. Of two calls at once the second waits.
public final class WitnessClient {

    /// The witness has seen a tree that this one does not continue, or a larger one: somebody shows two histories, or
    /// the log was put back to an older state.
    public static final class Refused extends TlogException {
        Refused(String message) {
            super(message);
        }
    }

    private static final int LONGEST_ANSWER = 64 * 1024;

    private final HttpClient http;
    private final URI add;
    private final VerifierKey witness;
    private final Duration patience;
    private long cosigned;

    /// @param prefix the address under which the witness answers
    /// @param patience how long one request may take
    public WitnessClient(HttpClient http, URI prefix, VerifierKey witness, Duration patience) {
        this.http = http;
        this.add = URI.create(prefix.toString().replaceFirst("/*$", "/") + Witness.ADD_CHECKPOINT);
        this.witness = witness;
        this.patience = patience;
    }

    public VerifierKey witness() {
        return witness;
    }

    /// The witness's cosignature of a checkpoint, verified.
    ///
    /// @param consistency the proof from a smaller tree to this one, by the smaller one's size
    /// @throws Refused if this is no continuation of what the witness cosigned
    /// @throws VerificationException if what it answers is not its cosignature
    /// @throws IOException if it is away, or answers what no witness answers; to be tried again
    public synchronized NoteSignature cosign(Note checkpoint, LongFunction<List<Hash>> consistency)
            throws IOException, InterruptedException {
        long size = Checkpoint.parse(checkpoint.text()).size();
        for (int attempt = 0; ; attempt++) {
            if (Long.compareUnsigned(cosigned, size) > 0) {
                throw new Refused(witness.name() + " has cosigned " + Long.toUnsignedString(cosigned)
                        + " entries, this checkpoint has " + Long.toUnsignedString(size));
            }
            var proof = cosigned == 0 || cosigned == size ? List.<Hash>of() : consistency.apply(cosigned);
            var answer = http.send(
                    HttpRequest.newBuilder(add)
                            .timeout(patience)
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    new Witness.Request(cosigned, proof, checkpoint.format()).format()))
                            .build(),
                    HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(), LONGEST_ANSWER));
            switch (answer.statusCode()) {
                case 200 -> {
                    var cosignature = cosignature(checkpoint, answer.body());
                    cosigned = size;
                    return cosignature;
                }
                case 409 -> {
                    var type = answer.headers().firstValue("Content-Type").orElse("");
                    if (!type.equals(Witness.SIZE_TYPE) || !answer.body().endsWith("\n") || attempt == 2) {
                        throw new IOException(witness.name() + " answered 409 without a size that helps");
                    }
                    cosigned = Strict.unsigned(answer.body().strip(), "the size of " + witness.name());
                }
                case 422 ->
                    throw new Refused(
                            witness.name() + " refused: " + answer.body().strip());
                default ->
                    throw new IOException(witness.name() + " answered " + answer.statusCode() + ": "
                            + answer.body().strip());
            }
        }
    }

    private NoteSignature cosignature(Note checkpoint, String lines) {
        for (var line : lines.lines().toList()) {
            var signature = NoteSignature.parse(line, "what " + witness.name() + " answered");
            if (witness.names(signature)) {
                if (!witness.verifies(checkpoint.text(), signature)) {
                    throw new VerificationException("the cosignature of " + witness.id() + " does not verify");
                }
                return signature;
            }
        }
        throw new VerificationException(witness.name() + " answered without a cosignature of " + witness.id());
    }
}
