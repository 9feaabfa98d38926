package dk.elleve.local;

import dk.elleve.kit.test.part.Service;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Shows the messages that services have set aside, and asks a service to replay them. The service
/// itself does it, where its code is; here only the row's state is changed and watched.
final class SetAside {

    /// What is asked for.
    ///
    /// @param service none for all
    /// @param id none for all that wait
    record Call(
            boolean replay,
            @Nullable Service service,
            @Nullable Long id) {

        /// @throws Refusal if the words make no sense
        static Call of(List<String> words) {
            if (words.isEmpty() || !List.of("list", "replay").contains(words.getFirst())) {
                throw new Refusal("./elleve set-aside wants list or replay; --help shows how.");
            }
            var replay = words.getFirst().equals("replay");
            Service service = null;
            Long id = null;
            var all = false;
            for (int i = 1; i < words.size(); i++) {
                var word = words.get(i);
                if (word.equals("--all") && replay) {
                    all = true;
                } else if (word.equals("--service") || word.equals("--id") && replay) {
                    if (i + 1 == words.size()) {
                        throw new Refusal("The option " + word + " wants a value; --help shows how.");
                    }
                    var value = words.get(++i);
                    if (word.equals("--id")) {
                        id = number(value);
                    } else {
                        service = service(value);
                    }
                } else {
                    throw new Refusal("./elleve set-aside " + words.getFirst() + " does not know " + word
                            + "; --help shows what it knows.");
                }
            }
            if (replay && service == null) {
                throw new Refusal("Say which service: --service, one of " + labels() + ".");
            }
            if (replay && (id == null) != all) {
                throw new Refusal("Say what to replay: --id ID for one message, or --all.");
            }
            return new Call(replay, service, id);
        }

        private static Long number(String text) {
            if (!text.matches("[0-9]{1,18}")) {
                throw new Refusal(text + " is no id; ./elleve set-aside list shows them.");
            }
            return Long.valueOf(text);
        }

        private static Service service(String label) {
            return holders().stream()
                    .filter(each -> each.label().equals(label))
                    .findFirst()
                    .orElseThrow(
                            () -> new Refusal(label + " sets no messages aside; those that do are " + labels() + "."));
        }
    }

    private record Row(
            long id,
            String topic,
            String position,
            String headers,
            String state,
            String reason,
            OffsetDateTime setAt,
            @Nullable OffsetDateTime replayedAt) {

        String type() {
            return headers.lines()
                    .filter(line -> line.startsWith("ce_type: "))
                    .map(line -> line.substring("ce_type: ".length()))
                    .findFirst()
                    .orElse("no event");
        }
    }

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Installation installation;
    private final Screen screen;

    SetAside(Installation installation, Screen screen) {
        this.installation = installation;
        this.screen = screen;
    }

    int run(List<String> words) {
        var call = Call.of(words);
        if (!installation.postgres().running()) {
            throw new Refusal("PostgreSQL holds these messages and does not run; start it with ./elleve up postgres.");
        }
        try {
            var service = call.service();
            if (call.replay() && service != null) {
                return replay(service, call.id());
            }
            return list(service == null ? holders() : List.of(service));
        } catch (SQLException failed) {
            throw new Refusal("The database does not answer as it should: " + failed.getMessage() + ".");
        }
    }

    private int list(List<Service> services) throws SQLException {
        var found = 0;
        for (var service : services) {
            try (var database = open(service)) {
                for (var row : rows(database, "WHERE state <> 'replayed' ORDER BY id")) {
                    if (found++ == 0) {
                        screen.line("  %-12s %6s  %-8s %-20s %s"
                                .formatted("service", "id", "state", "set aside", "message and reason"));
                    }
                    screen.line("  %-12s %6d  %-8s %-20s %s, %s %s"
                            .formatted(
                                    service.label(),
                                    row.id(),
                                    row.state(),
                                    time(row.setAt()),
                                    row.type(),
                                    row.topic(),
                                    row.position()));
                    screen.line("  %51s %s".formatted("", row.reason()));
                }
            }
        }
        screen.line(
                found == 0
                        ? "  No message is set aside."
                        : "  " + found + " in all. ./elleve set-aside replay --help tells how they are replayed; "
                                + "deploy/runbooks/MessagesSetAside.md says when.");
        return 0;
    }

    private int replay(Service service, @Nullable Long id) throws SQLException {
        try (var database = open(service)) {
            var asked = ask(database, id);
            if (asked.isEmpty()) {
                return nothingToDo(service, database, id);
            }
            if (!installation.service(service).running()) {
                screen.line("  " + service.label() + " does not run; what was asked for is replayed when it starts: "
                        + "./elleve up");
                return 3;
            }
            return watch(service, database, asked);
        }
    }

    /// The ids that are asked for now, also those that were before.
    private static List<Long> ask(Connection database, @Nullable Long id) throws SQLException {
        var asked = new ArrayList<Long>();
        try (var sql = database.prepareStatement("""
            WITH fresh AS (
                UPDATE kit.set_aside SET state = 'asked', tries = 0
                WHERE state = 'waiting' AND (? OR id = ?)
                RETURNING id)
            SELECT id FROM fresh
            UNION
            SELECT id FROM kit.set_aside WHERE state = 'asked' AND (? OR id = ?)
            ORDER BY id
            """)) {
            sql.setBoolean(1, id == null);
            sql.setLong(2, id == null ? 0 : id);
            sql.setBoolean(3, id == null);
            sql.setLong(4, id == null ? 0 : id);
            try (var row = sql.executeQuery()) {
                while (row.next()) {
                    asked.add(row.getLong(1));
                }
            }
        }
        return asked;
    }

    private int nothingToDo(Service service, Connection database, @Nullable Long id) throws SQLException {
        if (id == null) {
            screen.line("  " + service.label() + " has nothing to replay.");
            return 0;
        }
        var rows = rows(database, "WHERE id = " + id);
        if (rows.isEmpty()) {
            throw new Refusal(service.label() + " has set no message aside with the id " + id
                    + "; ./elleve set-aside list shows them.");
        }
        var at = rows.getFirst().replayedAt();
        screen.line("  " + id + " was replayed" + (at == null ? "" : " at " + time(at)) + "; nothing is done again.");
        return 0;
    }

    private int watch(Service service, Connection database, List<Long> asked) throws SQLException {
        screen.line("  " + service.label() + " replays " + asked.size() + (asked.size() == 1 ? " message" : " messages")
                + " in the order in which they were set aside");
        var open = new TreeSet<>(asked);
        var waiting = 0;
        var last = System.nanoTime();
        while (!open.isEmpty()) {
            for (var row : rows(database, "WHERE id = ANY ('{" + ids(open) + "}') AND state <> 'asked' ORDER BY id")) {
                open.remove(row.id());
                last = System.nanoTime();
                var replayed = row.state().equals("replayed");
                waiting += replayed ? 0 : 1;
                screen.line("  %6d  %s %s  %s"
                        .formatted(
                                row.id(),
                                row.topic(),
                                row.position(),
                                replayed ? "replayed" : "waits still: " + row.reason()));
            }
            if (System.nanoTime() - last > PATIENCE.toNanos()) {
                screen.line("  " + open.size() + " not yet done; " + service.label() + " goes on with them. Its log "
                        + "says what it waits for: ./elleve logs " + service.label());
                return 3;
            }
            pause();
        }
        return waiting == 0 ? 0 : 1;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(250);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Refusal("Stopped; what was asked for is replayed all the same.");
        }
    }

    private static String ids(TreeSet<Long> ids) {
        return String.join(",", ids.stream().map(id -> Long.toString(id)).toList());
    }

    private static List<Row> rows(Connection database, String which) throws SQLException {
        var rows = new ArrayList<Row>();
        try (var sql = database.createStatement();
                var row = sql.executeQuery("""
                    SELECT id, topic, position, headers, state, reason, set_at, replayed_at
                    FROM kit.set_aside
                    """ + which)) {
            while (row.next()) {
                rows.add(new Row(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getObject(7, OffsetDateTime.class),
                        row.getObject(8, OffsetDateTime.class)));
            }
        }
        return rows;
    }

    /// As the service's own role: it may do this to this table, and little else.
    private Connection open(Service service) throws SQLException {
        var database = service.database().orElseThrow();
        return installation.postgres().as(database, database + "_service").getConnection();
    }

    private static String time(OffsetDateTime at) {
        return at.withOffsetSameInstant(ZoneOffset.UTC)
                .truncatedTo(ChronoUnit.SECONDS)
                .toInstant()
                .toString();
    }

    private static List<Service> holders() {
        return Arrays.stream(Service.values())
                .filter(each -> each.database().isPresent())
                .toList();
    }

    private static String labels() {
        return String.join(", ", holders().stream().map(Service::label).toList());
    }
}
