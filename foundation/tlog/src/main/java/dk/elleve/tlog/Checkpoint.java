package dk.elleve.tlog;

import java.util.List;

/// A log's statement of its whole content at one moment: so many entries, this root (c2sp.org/tlog-checkpoint).
///
/// @param origin names the log, and is the name of its key
/// @param size unsigned
/// @param extensions further lines, none of them empty; this house writes none
public record Checkpoint(String origin, long size, Hash root, List<String> extensions) {

    public Checkpoint {
        extensions = List.copyOf(extensions);
        requireLine(origin, "the origin (line 1)");
        extensions.forEach(line -> requireLine(line, "an extension line"));
        if (size == 0 && !root.equals(Hash.EMPTY_ROOT)) {
            throw new MalformedException("the root (line 3) of a checkpoint of size 0 must be that of an empty tree");
        }
    }

    public Checkpoint(String origin, long size, Hash root) {
        this(origin, size, root, List.of());
    }

    /// @param text the text of a note, that is, without signatures
    public static Checkpoint parse(String text) {
        return parse(text, 1);
    }

    /// @param firstLine number of the first line within the file, for messages
    static Checkpoint parse(String text, int firstLine) {
        if (!text.endsWith("\n")) {
            throw new MalformedException("the checkpoint does not end in a newline");
        }
        var lines = List.of(text.substring(0, text.length() - 1).split("\n", -1));
        if (lines.size() < 3) {
            throw new MalformedException("the checkpoint has " + lines.size()
                    + " lines; it must have origin, size and root, each on its own line");
        }
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isEmpty()) {
                throw new MalformedException("line " + (firstLine + i) + " of the checkpoint is empty");
            }
        }
        return new Checkpoint(
                lines.get(0),
                Strict.unsigned(lines.get(1), "line " + (firstLine + 1) + ", the checkpoint's size,"),
                Hash.parse(lines.get(2), "line " + (firstLine + 2) + ", the checkpoint's root,"),
                lines.subList(3, lines.size()));
    }

    /// The text that is signed.
    public String text() {
        var text = new StringBuilder(origin)
                .append('\n')
                .append(Long.toUnsignedString(size))
                .append('\n')
                .append(root.base64())
                .append('\n');
        extensions.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    /// Before this call: the new tree verified consistent with the last signed one, and this size and root
    /// durably kept. A log that signs two trees of one size, or forgets what it signed, has broken its only
    /// promise.
    public Note sign(SignerKey log) {
        if (!log.verifier().name().equals(origin)) {
            throw new IllegalArgumentException("key " + log.verifier().id() + " does not sign for the log " + origin
                    + ": the names must be equal");
        }
        return Note.sign(text(), log);
    }

    private static void requireLine(String line, String what) {
        if (line.isEmpty() || line.chars().anyMatch(c -> c < 0x20)) {
            throw new MalformedException(what + " of a checkpoint is empty or holds a control character");
        }
    }
}
