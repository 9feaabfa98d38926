package dk.elleve.tlog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// A text with signatures below it (c2sp.org/signed-note). The text ends in a newline and may hold empty lines;
/// the last empty line of the note divides text and signatures.
///
/// A parsed note says nothing until [#verify] has returned.
public record Note(String text, List<NoteSignature> signatures) {

    /// The specification asks for at least 16 and for some limit: each costs a signature check.
    public static final int MAX_SIGNATURES = 100;

    static final int MAX_LENGTH = 1 << 20;

    public Note {
        requireText(text);
        signatures = List.copyOf(signatures);
        if (signatures.isEmpty()) {
            throw new MalformedException("a note has at least one signature");
        }
        if (signatures.size() > MAX_SIGNATURES) {
            throw new MalformedException(
                    "a note has at most " + MAX_SIGNATURES + " signatures, not " + signatures.size());
        }
    }

    public static Note parse(byte[] bytes) {
        requireLength(bytes.length);
        return parse(Strict.utf8(bytes, "the note"));
    }

    public static Note parse(String note) {
        return parse(note, 1);
    }

    /// @param firstLine number of the note's first line within the file it stands in, for messages
    static Note parse(String note, int firstLine) {
        requireLength(note.length());
        requireCharacters(note, firstLine);
        int divide = note.lastIndexOf("\n\n");
        if (divide < 0) {
            throw new MalformedException("the note has no empty line between text and signatures");
        }
        String text = note.substring(0, divide + 1);
        String below = note.substring(divide + 2);
        if (below.isEmpty()) {
            throw new MalformedException("the note has no signature after its last empty line");
        }
        if (!below.endsWith("\n")) {
            throw new MalformedException("the last signature line does not end in a newline");
        }
        int number = firstLine + (int) text.chars().filter(c -> c == '\n').count() + 1;
        var signatures = new ArrayList<NoteSignature>();
        for (var line : below.substring(0, below.length() - 1).split("\n", -1)) {
            if (signatures.size() == MAX_SIGNATURES) {
                throw new MalformedException("the note has more than " + MAX_SIGNATURES + " signatures");
            }
            signatures.add(NoteSignature.parse(line, "line " + number++ + ", a signature,"));
        }
        return new Note(text, signatures);
    }

    /// A note with one signature of each signer.
    public static Note sign(String text, SignerKey... signers) {
        requireText(text);
        var signatures = new ArrayList<NoteSignature>();
        for (var signer : signers) {
            signatures.add(signer.sign(text));
        }
        return new Note(text, signatures);
    }

    /// This note with one more signature below the others.
    public Note with(NoteSignature signature) {
        var more = new ArrayList<>(signatures);
        more.add(signature);
        return new Note(text, more);
    }

    /// Checks every signature made by one of the trusted keys and leaves those of unknown keys alone.
    ///
    /// @return the signatures that hold, at least one
    /// @throws VerificationException if a signature of a trusted key does not hold, or there is none
    public List<NoteSignature> verify(Collection<VerifierKey> trusted) {
        var verified = new ArrayList<NoteSignature>();
        for (var signature : signatures) {
            for (var key : trusted) {
                if (!key.names(signature)) {
                    continue;
                }
                if (!key.verifies(text, signature)) {
                    throw new VerificationException("signature of key " + key.id() + " does not verify");
                }
                verified.add(signature);
            }
        }
        if (verified.isEmpty()) {
            throw new VerificationException("no signature of a trusted key: signed by " + signatures + ", trusted "
                    + (trusted.isEmpty()
                            ? "none"
                            : trusted.stream().map(VerifierKey::id).toList()));
        }
        return List.copyOf(verified);
    }

    /// The note as it is stored and sent.
    public String format() {
        var note = new StringBuilder(text).append('\n');
        signatures.forEach(signature -> note.append(signature.line()));
        return note.toString();
    }

    public byte[] bytes() {
        return Strict.utf8(format());
    }

    private static void requireText(String text) {
        if (!text.endsWith("\n")) {
            throw new MalformedException("the text of a note ends in a newline");
        }
        requireCharacters(text, 1);
    }

    private static void requireCharacters(String note, int firstLine) {
        int line = firstLine;
        for (int i = 0; i < note.length(); i++) {
            char c = note.charAt(i);
            if (c == '\n') {
                line++;
            } else if (c < 0x20) {
                throw new MalformedException("line " + line + " holds the control character U+%04X".formatted((int) c));
            }
        }
        Strict.utf8(note);
    }

    private static void requireLength(int length) {
        if (length > MAX_LENGTH) {
            throw new MalformedException("a note is at most " + MAX_LENGTH + " bytes long, not " + length);
        }
    }
}
