package dk.elleve.backup.restore;

import dk.elleve.backup.wire.Lsn;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the caller of the restore program asks for.
///
/// @param programs PostgreSQL's `bin` folder, from the command line only
/// @param port where the restored server listens, 0 for any free one
/// @param tablespaces folders for tablespaces, named by their OID or their folder on the source
record RestoreArguments(
        RestoreTarget target,
        @Nullable Path to,
        Path settings,
        @Nullable String cluster,
        boolean delta,
        boolean preview,
        boolean start,
        @Nullable Path programs,
        int port,
        Map<String, Path> tablespaces) {

    RestoreArguments {
        tablespaces = Collections.unmodifiableMap(new LinkedHashMap<>(tablespaces));
    }

    static final String HELP = """
            Restores a PostgreSQL cluster from its encrypted backups. Needs the blob storage and the master key, nothing else.

            usage: restore (--at TIME | --lsn LSN | --latest) --to DIR --settings FILE [options]

            what to restore
              --at TIME        every transaction that committed at or before TIME, such as 2026-11-24T17:05:00Z,
                               2026-11-24T18:05:00+01:00, or 2026-11-24T18:05:00 in the time zone of this machine
              --lsn LSN        everything before a WAL position, such as 0/16B3748
              --latest         everything the vault holds
              --cluster ID     system identifier, when the vault holds several clusters

            where to
              --to DIR         new data folder; must not exist or be empty, or hold a restore that was broken off, which
                               then goes on
              --delta          DIR may hold an older copy of the cluster: blocks that are right stay, all else is fetched,
                               and files that do not belong there are removed
              --tablespace OID=DIR
                               new folder of a tablespace, absolute; must not exist or be empty, or be the one that DIR of
                               --to leads to already. Instead of the OID its folder on the source may be named, as
                               /fast/space=/mnt/new; names of tablespaces are not known here (--preview lists what is). Once
                               for each tablespace. Those that are not named, and those made after the backup, come back
                               below the data folder; nothing is ever written to folders of the source
              --port N         port of the restored server, on 127.0.0.1 only; any free one if not given

            how
              --settings FILE  properties file: elleve.blob.connection-string-file and elleve.master-key-file name the files
                               with the secrets; elleve.backup.container (backups) and elleve.backup.postgres.programs if wanted
                               A master key in Azure Key Vault is named by elleve.backup.master-key-id instead of a file,
                               https://NAME.vault.azure.net/keys/KEY; its versions are found. Who you are for Azure:
                               AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET of an application with the role
                               Key Vault Crypto User, or the identity of the machine in Azure this runs on
              --preview        says what would be fetched and how long it may take
              --start          starts the restored server and waits until it has recovered
              --programs DIR   PostgreSQL's bin folder, for --start; also wanted when anything was erased after the moment
                               that comes back: it is erased again before anybody can sign in

            Ends with 0 when done, 1 when refused or failed (nothing that is left behind can be started), 2 for a wrong call.
            """;

    /// @throws IllegalArgumentException saying what is wrong with the call
    static RestoreArguments parse(List<String> arguments, ZoneId zone) {
        var left = new ArrayDeque<>(arguments);
        @Nullable RestoreTarget target = null;
        @Nullable Path to = null;
        @Nullable Path settings = null;
        @Nullable String cluster = null;
        @Nullable Path programs = null;
        var tablespaces = new LinkedHashMap<String, Path>();
        var delta = false;
        var preview = false;
        var start = false;
        var port = 0;
        while (!left.isEmpty()) {
            var option = left.removeFirst();
            switch (option) {
                case "--latest" -> target = only(target, new RestoreTarget.Latest());
                case "--at" -> target = only(target, new RestoreTarget.AtTime(time(value(left, option), zone)));
                case "--lsn" -> target = only(target, new RestoreTarget.AtLsn(Lsn.parse(value(left, option))));
                case "--to" -> to = Path.of(value(left, option));
                case "--settings" -> settings = Path.of(value(left, option));
                case "--cluster" -> cluster = value(left, option);
                case "--programs" -> programs = Path.of(value(left, option));
                case "--tablespace" -> tablespace(tablespaces, value(left, option));
                case "--delta" -> delta = true;
                case "--preview" -> preview = true;
                case "--start" -> start = true;
                case "--port" -> port = port(value(left, option));
                default -> throw new IllegalArgumentException("unknown option '" + option + "'");
            }
        }
        if (target == null) {
            throw new IllegalArgumentException("say what to restore: --at TIME, --lsn LSN or --latest");
        }
        if (settings == null) {
            throw new IllegalArgumentException("say where the settings are: --settings FILE");
        }
        if (to == null && !preview) {
            throw new IllegalArgumentException("say where to restore to: --to DIR");
        }
        if (to == null && !tablespaces.isEmpty()) {
            throw new IllegalArgumentException(
                    "--tablespace says where a part goes; say where the rest does: --to DIR");
        }
        return new RestoreArguments(target, to, settings, cluster, delta, preview, start, programs, port, tablespaces);
    }

    private static RestoreTarget only(@Nullable RestoreTarget before, RestoreTarget target) {
        if (before != null) {
            throw new IllegalArgumentException("--at, --lsn and --latest exclude each other");
        }
        return target;
    }

    private static String value(ArrayDeque<String> left, String option) {
        if (left.isEmpty() || left.getFirst().startsWith("--")) {
            throw new IllegalArgumentException(option + " wants a value");
        }
        return left.removeFirst();
    }

    private static void tablespace(Map<String, Path> tablespaces, String text) {
        var name = text.substring(0, Math.max(0, text.indexOf('=')));
        var folder = Path.of(text.substring(text.indexOf('=') + 1));
        if (name.isEmpty() || !folder.isAbsolute()) {
            throw new IllegalArgumentException(
                    "'" + text + "' does not say where a tablespace goes: --tablespace OID=DIR, DIR an absolute path");
        }
        if (tablespaces.put(name, folder) != null) {
            throw new IllegalArgumentException("--tablespace says twice where " + name + " goes");
        }
    }

    private static int port(String text) {
        try {
            var port = Integer.parseInt(text);
            if (port > 0 && port < 65536) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IllegalArgumentException("'" + text + "' is no port");
    }

    private static Instant time(String text, ZoneId zone) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            try {
                return LocalDateTime.parse(text.replace(' ', 'T')).atZone(zone).toInstant();
            } catch (DateTimeParseException again) {
                throw new IllegalArgumentException("'" + text + "' is no time such as 2026-11-24T17:05:00Z", again);
            }
        }
    }
}
