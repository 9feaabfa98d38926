package dk.elleve.backup.erasure;

import dk.elleve.backup.vault.ClusterVault;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// The erasures that concern one cluster, in its vault beside the backups and not in them: `erasures/<time>-<id>`.
/// A restore reads it with nothing but the vault and the master key.
public final class ErasureJournal {

    public static final String ROOT = "erasures/";

    /// An erasure is told by the moment it deleted, its transaction may have ended later. What is so much older
    /// than a moment that is restored stands in what is restored.
    public static final Duration MARGIN = Duration.ofHours(1);

    private static final String KEY = "erasures";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ClusterVault vault;

    public ErasureJournal(ClusterVault vault) {
        this.vault = vault;
    }

    /// Durable when it returns; an erasure that is there already stays as it is.
    ///
    /// @throws IllegalArgumentException if its id cannot be part of a name
    public void add(Erasure erasure) {
        if (!erasure.id().matches("[A-Za-z0-9-]{1,64}")) {
            throw new IllegalArgumentException("the id of an erasure is at most 64 letters, digits and hyphens");
        }
        vault.putIfAbsent(KEY, name(erasure), JSON.writeValueAsBytes(erasure));
    }

    /// Those that do not stand here.
    List<Erasure> lacking(List<Erasure> erasures) {
        var there = new HashSet<>(vault.list(ROOT));
        return erasures.stream().filter(each -> !there.contains(name(each))).toList();
    }

    /// What a restore to `moment` may bring back, oldest first.
    public List<Erasure> since(Instant moment) {
        var from = ROOT + TIME.format(moment.minus(MARGIN));
        return vault.list(ROOT).stream()
                .sorted()
                .filter(name -> name.compareTo(from) >= 0)
                .map(name -> JSON.readValue(vault.get(name), Erasure.class))
                .toList();
    }

    /// Removes what no restore can bring back any more.
    ///
    /// @param oldest the first moment that can be restored
    /// @return how many went
    public int expire(Instant oldest) {
        var from = ROOT + TIME.format(oldest.minus(MARGIN));
        var gone = vault.list(ROOT).stream()
                .filter(name -> name.compareTo(from) < 0)
                .toList();
        gone.forEach(vault::delete);
        return gone.size();
    }

    private static String name(Erasure erasure) {
        return ROOT + TIME.format(erasure.erasedAt()) + "-" + erasure.id();
    }
}
