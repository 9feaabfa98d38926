package dk.elleve.backup.restore;

import dk.elleve.backup.erasure.Erasure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;

/// Erases again what a restore has brought back, while nobody can sign in.
///
/// How a database that keeps tenants (in `data.tenant`) does that it knows itself: it has a function
/// `data.replay_erasure(tenant text, subject text, erased_at timestamptz)` that answers with
/// `{"records": …, "keys": […]}` and does nothing the second time. It must be a `SECURITY DEFINER`: one
/// that ran as the superuser who calls it would make its owner a superuser.
public final class ErasureReplay {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String DATABASES = """
            SELECT datname::text
            FROM pg_catalog.pg_database
            WHERE datallowconn AND NOT datistemplate
            ORDER BY datname""";

    /// A database of tenants that does not know how must not be let go for one that has none.
    private static final String KNOWS = """
            SELECT CASE
                WHEN pg_catalog.to_regprocedure('data.replay_erasure(text,text,timestamptz)') IS NULL
                    THEN CASE WHEN pg_catalog.to_regclass('data.tenant') IS NULL THEN 'no tenants' ELSE 'lacks it' END
                WHEN (SELECT prosecdef FROM pg_catalog.pg_proc
                      WHERE oid = pg_catalog.to_regprocedure('data.replay_erasure(text,text,timestamptz)'))
                    THEN 'knows'
                ELSE 'has it, but not as a SECURITY DEFINER'
            END""";

    private ErasureReplay() {}

    /// @param records how many records had come back and are gone again
    /// @param keyIds the keys by which their personal fields were sealed
    public record Replayed(Erasure erasure, long records, List<String> keyIds) {

        public Replayed {
            keyIds = List.copyOf(keyIds);
        }
    }

    private record Answer(long records, List<String> keys) {}

    /// @param programs PostgreSQL's `bin` folder
    /// @param folder a restored cluster that has recovered and is stopped
    /// @throws RestoreException with [RestoreProblem#ERASURE] when a database of tenants cannot do it
    public static List<Replayed> run(Path programs, Path folder, List<Erasure> erasures) throws InterruptedException {
        var server = new SingleUser(programs, folder);
        var answers = new ArrayList<List<Answer>>();
        for (var database : server.run("template1", List.of(DATABASES))) {
            var knows = String.join("", server.run(database, List.of(KNOWS)));
            if (knows.equals("knows")) {
                answers.add(replay(server, database, erasures));
            } else if (!knows.equals("no tenants")) {
                throw failed("database " + database + " keeps tenants and " + knows + ": data.replay_erasure");
            }
        }
        var replayed = new ArrayList<Replayed>();
        for (var i = 0; i < erasures.size(); i++) {
            var records = 0L;
            var keys = new TreeSet<String>();
            for (var ofDatabase : answers) {
                records += ofDatabase.get(i).records();
                keys.addAll(ofDatabase.get(i).keys());
            }
            replayed.add(new Replayed(erasures.get(i), records, List.copyOf(keys)));
        }
        return replayed;
    }

    private static List<Answer> replay(SingleUser server, String database, List<Erasure> erasures)
            throws InterruptedException {
        List<String> answers;
        try {
            answers = server.run(
                    database, erasures.stream().map(ErasureReplay::call).toList());
        } catch (RestoreException e) {
            throw failed(String.valueOf(e.getMessage()));
        }
        if (answers.size() != erasures.size()) {
            throw failed(
                    "database " + database + " answered " + answers.size() + " of " + erasures.size() + " erasures");
        }
        return answers.stream()
                .map(answer -> JSON.readValue(answer, Answer.class))
                .toList();
    }

    private static String call(Erasure erasure) {
        return "SELECT data.replay_erasure(%s, %s, %s)::text"
                .formatted(
                        SingleUser.literal(erasure.tenant()),
                        erasure.subject() == null ? "NULL" : SingleUser.literal(erasure.subject()),
                        SingleUser.literal(erasure.erasedAt().toString()));
    }

    private static RestoreException failed(String why) {
        return new RestoreException(
                RestoreProblem.ERASURE,
                "what was erased since could not be erased again: " + why
                        + "; the restored cluster lets nobody in (its own " + Door.FILE + " is kept as " + Door.KEPT
                        + ")");
    }
}
