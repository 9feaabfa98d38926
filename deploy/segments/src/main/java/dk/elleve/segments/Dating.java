package dk.elleve.segments;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/// When a declaration was last changed: the day on which its diagram was first drawn from what it
/// says now. The diagram carries both, so that neither a build nor a new copy makes it look
/// younger.
///
/// @param fingerprint of what is declared, not of the file's layout
record Dating(String fingerprint, LocalDate changed) {

    private static final Pattern STAMP =
            Pattern.compile("<!-- declaration ([0-9a-f]{16}) of (\\d{4}-\\d\\d-\\d\\d) -->");

    static Dating of(Declaration declaration, LocalDate changed) {
        return new Dating(fingerprint(declaration), changed);
    }

    /// @param drawn the diagram as it was, if there is one
    static Dating of(Declaration declaration, Optional<String> drawn, LocalDate today) {
        return drawn.flatMap(Dating::in)
                .filter(before -> before.fingerprint().equals(fingerprint(declaration)))
                .orElseGet(() -> of(declaration, today));
    }

    /// What a diagram says of itself.
    static Optional<Dating> in(String diagram) {
        var match = STAMP.matcher(diagram);
        return match.find()
                ? Optional.of(new Dating(match.group(1), LocalDate.parse(match.group(2))))
                : Optional.empty();
    }

    /// For the diagram.
    String stamp() {
        return "<!-- declaration " + fingerprint + " of " + changed + " -->";
    }

    private static String fingerprint(Declaration declaration) {
        try {
            var digest = MessageDigest.getInstance("SHA-256")
                    .digest(declaration.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
