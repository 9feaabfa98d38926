package dk.elleve.tlog;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Entries of a log as JSON Lines that prove themselves: to be read by people and programs, and to be verified without
/// the log.
///
///     {"elleve-export":1,"checkpoint":"…the signed note…"}
///
/// {"index":17,"time":"…","kind":"update","flags":["attributed"],"tenant":"nord","content":{…},"salt":"…","leaf":"…","path":["…"]}
///     {"end":true}
///
/// `leaf` and `path` lead to the root in the checkpoint above. `content` is the sealed text as it stood, and with
/// `salt`
/// before it the commitment in the leaf. Without both (redacted, or the tenant's key is destroyed) the rest still
/// proves that there was this entry, then, of this kind, in this place of its tenant's chain. The tenant's name is what
/// the exporter says: the log knows a pseudonym.
///
/// An export that broke off lacks its last line. It is continued after its last index, and the two files one after the
/// other are one export again; each part has its own checkpoint.
public final class ExportFile {

    static final String MARK = "{\"elleve-export\":1,\"checkpoint\":\"";
    private static final String MARK_END = "\"}";
    private static final String END = "{\"end\":true}";

    /// A text may hold what Java takes for the end of a line and JSON does not (U+2028): every character counts.
    private static final Pattern LINE = Pattern.compile(
            "\\{\"index\":(?<index>[0-9]+),(?<head>\"time\":\"[^\"]*\",\"kind\":\"[^\"]*\",\"flags\":\\[[^]]*]),"
                    + "\"tenant\":(?<tenant>null|\"[^\"]*\"),\"content\":(?<content>.*),\"salt\":(?<salt>null|\"[^\"]*\"),"
                    + "\"leaf\":\"(?<leaf>[^\"]*)\",\"path\":\\[(?<path>[^]]*)]}",
            Pattern.DOTALL);

    private ExportFile() {}

    /// The line that begins an export, with its newline.
    public static String begin(Note checkpoint) {
        return MARK
                + checkpoint
                        .format()
                        .replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n") + MARK_END + "\n";
    }

    /// The line of one entry, with its newline.
    ///
    /// @param leaf an [AuditLeaf]'s bytes
    /// @param tenant its name, absent for what belongs to none
    /// @param text the sealed text, which is JSON in one line; absent, like the salt, where it is not told
    public static String line(
            long index,
            byte[] leaf,
            List<Hash> path,
            @Nullable String tenant,
            byte @Nullable [] salt,
            byte @Nullable [] text) {
        boolean told = salt != null && text != null;
        return "{\"index\":" + Long.toUnsignedString(index) + "," + head(AuditLeaf.parse(leaf)) + ",\"tenant\":"
                + (tenant == null ? "null" : "\"" + tenant + "\"")
                + ",\"content\":" + (told ? new String(text, StandardCharsets.UTF_8) : "null")
                + ",\"salt\":" + (told ? "\"" + Base64.getEncoder().encodeToString(salt) + "\"" : "null")
                + ",\"leaf\":\"" + Base64.getEncoder().encodeToString(leaf) + "\",\"path\":["
                + path.stream().map(hash -> "\"" + hash.base64() + "\"").collect(Collectors.joining(","))
                + "]}\n";
    }

    /// The line that says that nothing is missing at the end, with its newline.
    public static String end() {
        return END + "\n";
    }

    private static String head(AuditLeaf leaf) {
        return "\"time\":\"" + leaf.committed() + "\",\"kind\":\"" + leaf.kind().word() + "\",\"flags\":["
                + leaf.flags().stream()
                        .sorted()
                        .map(flag -> "\"" + flag.word() + "\"")
                        .collect(Collectors.joining(","))
                + "]";
    }

    /// Verifies an export from its first line to its last.
    ///
    /// @param opener checks the signatures of a checkpoint
    /// @param certificate what one of the entries must say
    /// @return what was found, for people
    /// @throws TlogException naming the line, if anything does not hold
    static Map<String, Object> verify(
            BufferedReader lines, Function<Note, SignedCheckpoint> opener, Optional<ErasureCertificate> certificate)
            throws IOException {
        var check = new Check(opener, certificate);
        int number = 0;
        for (String line; (line = lines.readLine()) != null; ) {
            number++;
            try {
                check.next(line);
            } catch (VerificationException wrong) {
                throw new VerificationException("line " + number + ": " + wrong.getMessage());
            } catch (MalformedException wrong) {
                throw new MalformedException("line " + number + ": " + wrong.getMessage());
            }
        }
        return check.facts();
    }

    /// What is known after so many lines.
    private static final class Check {

        /// @param name as the exporter calls it
        /// @param holes how often its sequence jumped
        /// @param head when its newest head was logged: until then nothing lacks at the end
        private record Chain(String name, long first, long last, long index, long holes, String head) {}

        private final Function<Note, SignedCheckpoint> opener;
        private final Optional<ErasureCertificate> certificate;
        private final Map<Hash, Chain> chains = new LinkedHashMap<>();
        private @Nullable SignedCheckpoint signed;
        private long entries;
        private long told;
        private long last = -1;
        private boolean ended;
        private @Nullable String erasure;

        Check(Function<Note, SignedCheckpoint> opener, Optional<ErasureCertificate> certificate) {
            this.opener = opener;
            this.certificate = certificate;
        }

        void next(String line) {
            if (line.startsWith(MARK) && line.endsWith(MARK_END)) {
                begin(line.substring(MARK.length(), line.length() - MARK_END.length()));
            } else if (line.equals(END)) {
                ended = true;
            } else {
                entry(line);
            }
        }

        private void begin(String note) {
            var before = signed;
            signed = opener.apply(Note.parse(unescaped(note)));
            ended = false;
            if (before != null
                    && !before.checkpoint().origin().equals(signed.checkpoint().origin())) {
                throw new VerificationException(
                        "a part of another log, " + signed.checkpoint().origin());
            }
        }

        private void entry(String line) {
            var parts = LINE.matcher(line);
            if (signed == null || ended || !parts.matches()) {
                throw new MalformedException("not a line of an export");
            }
            long index = Strict.unsigned(parts.group("index"), "the index");
            if (last != -1 && Long.compareUnsigned(index, last) <= 0) {
                throw new VerificationException(
                        "entry " + Long.toUnsignedString(index) + " comes after " + Long.toUnsignedString(last));
            }
            var bytes = Strict.base64(parts.group("leaf"), "the leaf");
            var leaf = AuditLeaf.parse(bytes);
            Proofs.checkInclusion(
                    index,
                    signed.checkpoint().size(),
                    Hash.leaf(bytes),
                    path(parts.group("path")),
                    signed.checkpoint().root());
            if (!parts.group("head").equals(head(leaf))) {
                throw new VerificationException("time, kind or flags are not those of the logged leaf");
            }
            content(leaf, parts.group("content"), parts.group("salt"));
            chain(parts.group("tenant"), leaf, index);
            last = index;
            entries++;
        }

        private static List<Hash> path(String text) {
            var path = new ArrayList<Hash>();
            if (!text.isEmpty()) {
                for (var hash : text.split(",", -1)) {
                    if (hash.length() < 2 || !hash.startsWith("\"") || !hash.endsWith("\"")) {
                        throw new MalformedException("the path is not a list of hashes");
                    }
                    path.add(Hash.parse(hash.substring(1, hash.length() - 1), "path hash " + (path.size() + 1)));
                }
            }
            return path;
        }

        private void content(AuditLeaf leaf, String content, String salt) {
            if (content.equals("null") && salt.equals("null")) {
                return;
            }
            if (salt.equals("null")) {
                throw new VerificationException("there is content without the salt that proves it");
            }
            leaf.checkPlaintext(
                    Strict.base64(salt.substring(1, salt.length() - 1), "the salt"),
                    content.getBytes(StandardCharsets.UTF_8));
            told++;
            if (leaf.kind() == AuditLeaf.Kind.ERASURE
                    && certificate.filter(said -> said.isIn(content)).isPresent()) {
                erasure = "logged " + leaf.committed();
            }
        }

        private void chain(String name, AuditLeaf leaf, long index) {
            var chain = chains.get(leaf.tenant());
            var head = leaf.kind() == AuditLeaf.Kind.TENANT_HEAD
                    ? leaf.committed().toString()
                    : chain == null ? "" : chain.head();
            if (chain == null) {
                chains.put(leaf.tenant(), new Chain(name, leaf.sequence(), leaf.sequence(), index, 0, head));
                return;
            }
            if (leaf.sequence() <= chain.last()
                    || leaf.sequence() == chain.last() + 1 && leaf.previous() != chain.index()) {
                throw new VerificationException("the place in its tenant's chain does not fit the entry before");
            }
            chains.put(
                    leaf.tenant(),
                    new Chain(
                            chain.name(),
                            chain.first(),
                            leaf.sequence(),
                            index,
                            chain.holes() + (leaf.sequence() == chain.last() + 1 ? 0 : 1),
                            head));
        }

        Map<String, Object> facts() {
            if (signed == null || !ended) {
                throw new VerificationException("it broke off: the last line is missing"
                        + (last == -1 ? "" : "; continue it after index " + Long.toUnsignedString(last)));
            }
            if (certificate.isPresent() && erasure == null) {
                throw new VerificationException("no entry says what the certificate says of the tenant "
                        + certificate.get().tenant());
            }
            var facts = new LinkedHashMap<String, Object>();
            facts.put("kind", "export");
            facts.put("origin", signed.checkpoint().origin());
            facts.put("size", Long.toUnsignedString(signed.checkpoint().size()));
            facts.put("root", signed.checkpoint().root().base64());
            facts.put("entries", entries);
            facts.put("told", told);
            facts.put("redacted", entries - told);
            if (erasure != null) {
                facts.put("certificate", erasure);
            }
            facts.put("chains", chains.entrySet().stream().map(Check::told).toList());
            return facts;
        }

        private static String told(Map.Entry<Hash, Chain> each) {
            var chain = each.getValue();
            return (chain.name().equals("null") ? "platform" : chain.name().replace("\"", "")) + " "
                    + each.getKey().hex().substring(0, 8) + " " + chain.first() + ".." + chain.last()
                    + (chain.holes() == 0 ? " without a gap" : ", " + chain.holes() + " gaps")
                    + (chain.head().isEmpty() ? "" : ", head of " + chain.head());
        }

        private static String unescaped(String text) {
            var plain = new StringBuilder();
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '\\' && i + 1 < text.length()) {
                    c = text.charAt(++i);
                    c = c == 'n' ? '\n' : c;
                }
                plain.append(c);
            }
            return plain.toString();
        }
    }
}
