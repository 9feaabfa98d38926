package dk.elleve.local;

import dk.elleve.kit.test.part.PartFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `./elleve`: one word says what to do.
public final class Launcher {

    private static final String HELP = """
            Elleve on this machine, without Docker.

              ./elleve up         start everything (a second time does no harm)
              ./elleve status     what runs, on which ports, how big
              ./elleve demo       the main job, step by step, with real output
              ./elleve logs       the ends of the logs
              ./elleve down       stop what up started; data stays
              ./elleve restore    bring a database back from its encrypted backups
              ./elleve rollout    update what docker compose runs, with a backup before and a way back
              ./elleve set-aside  messages a service could not handle: list them, replay them
              ./elleve verify     check a proof or a log offline
              ./elleve bench      measurements
              ./elleve test       build and run all tests

            Every command but test takes --dir DIR (or ELLEVE_DIR): the folder in which all is kept, .elleve by default.
            ./elleve COMMAND --help tells more.
            """;

    private static final Map<String, String> HELP_OF = Map.of(
            "up",
            """
            ./elleve up [PART…] [--dir DIR] [--port-base N] [--<name>-port N]

            Builds what is not built, fetches what is missing, starts every part that does not run and waits until each
            answers. Data survives down, kill and restart. With names, only these parts (./elleve status lists them).

              --port-base N     ports N, N+1, … for all parts: for a second installation beside the first
              --gateway-port N  a single port; names: gateway, keycloak, azurite, kafka, postgres, smtp, mail, identity,
                                tenant-data, backup, breach, audit, keycloak-management, kafka-controller
            Ports are chosen once and kept in DIR/ports.
            """,
            "down",
            """
            ./elleve down [PART…] [--dir DIR]

            Stops the processes this installation started, services first; never another process that got the same id.
            """,
            "status",
            """
            ./elleve status [--dir DIR]

            Each part with its state, process id, memory and ports. Ends with 0 when all are ready, else with 3.
            """,
            "logs",
            """
            ./elleve logs [PART…] [-n LINES] [-f] [--dir DIR]

            The last lines of the named parts' logs, of all without a name; -f follows them.
            """,
            "demo",
            """
            ./elleve demo [--data DIR] [--dir DIR] [--compose [--project NAME]]

            Tells the main job step by step on the running platform, with its real output, and fails loudly where a step
            fails. --data takes real files instead of the small data set the demo makes: every *.ndjson of DIR whose rows
            have an e-mail address. --compose tells it on the containers that docker compose up started here, of the
            compose project NAME (elleve).

            It works in the area `customers` of the tenant nord and empties the collections it fills; it kills the
            services once and starts them again; and it changes rows with SQL, so that answer 5 is broken for a day
            afterwards. That is what it shows. Keep data you care about in another installation (--dir).
            """,
            "bench",
            """
            ./elleve bench [NAME…] [--json] [--dir DIR]

            Without a name: the list. --json prints one object a line. Needs the running platform and the tenants that
            ./elleve demo opens; leaves what it wrote in the collection `bench` of the tenant nord.

            audit measures the audit log, about ten minutes long; audit.rows, audit.latency, … are its parts. Progress goes
            to the standard error. It changes rows of a table of its own in tenant-data's database, signed as the service
            signs them, and drops the table; what it has written to the log stays there: about a hundred thousand entries
            of the tenant nord. audit.failover kills audit-service twice and starts it again.

            backup measures the engine of backup-service against the pgBackRest on the path (2.58 or newer; without one it
            is measured alone), on a PostgreSQL and an Azurite of their own: the platform need not run, and the fewer others
            use the machine, the better. What both restore is compared with the source.

              --scale N        size of the data as in pgbench: 130 makes 2 GB, 20 is the default
              --filler KIND    blank, as pgbench fills its rows, or random, which hardly compresses
              --sizes GB,…     such as 0.5,2,8: each size in turn, instead of --scale
              --rounds N       rounds of each measure, of which the middle one counts; 3 is the default
              --only PART,…    of incremental,restore,wal,verify,lag; full is always measured
            It needs room on the disk for five times the data, below DIR/bench.
            """,
            "restore",
            """
            ./elleve restore (--at TIME | --lsn LSN | --latest) --to DIR [--delta] [--preview] [--start [--port N]]
                             [--tablespace OID=DIR] [--dir DIR]

            Brings a PostgreSQL cluster back from its encrypted backups into a new folder. No service has to run, only
            Azurite, where the backups are: ./elleve up azurite. What is restored never replaces anything by itself.

              --at TIME      every transaction that committed at or before TIME, such as 2026-11-24T17:05:00Z,
                             2026-11-24T18:05:00+01:00, or 2026-11-24T18:05:00 in the time zone of this machine
              --lsn LSN      everything before a WAL position, such as 0/16B3748
              --latest       everything the vault holds
              --cluster ID   system identifier, when the vault holds several clusters
              --to DIR       new data folder; must not exist or be empty, or hold a restore that was broken off, which
                             then goes on
              --delta        DIR may hold an older copy of the cluster: blocks that are right stay, all else is fetched,
                             and files that do not belong there are removed
              --tablespace OID=DIR
                             new folder of a tablespace, which may also be named by its folder on the source; once for
                             each. The others come back below the data folder
              --preview      says what would be fetched and how long it may take
              --start        starts the restored server and waits until it has recovered
              --port N       its port, on 127.0.0.1 only; any free one if not given

            Ends with 0 when done, 1 when refused or failed (nothing that is left behind can be started), 2 for a wrong
            call.
            """,
            "set-aside",
            """
            ./elleve set-aside list [--service S] [--dir DIR]
            ./elleve set-aside replay --service S (--id ID | --all) [--dir DIR]

            A message that a service cannot handle, such as one of a version it does not know, is set aside so that
            those behind it are heard. It waits in that service's database until somebody asks to replay it.

            list shows what waits, and why. replay puts messages before their listener again, in the order in which
            they were set aside and each exactly once, while the platform runs, and says what became of each; one that
            still cannot be handled waits again, with those behind it of its key. A message that was replayed is not
            replayed again.

            Ends with 0 when all were replayed, 1 when some still wait, 3 when the service does it later.
            """,
            "verify",
            """
            ./elleve verify FILE|DIR|URL… [--json] [--dir DIR]

            Verifies offline, without asking anybody, that a log says the truth; no service has to run.

              FILE   a proof (.tlog-proof): the entry in it is in the log; or a checkpoint: its signatures
              DIR    a whole log (checkpoint, tile/…), every entry and hash recomputed; or a folder of .tlog-proof files
              URL    a whole log behind http or https; a URL that ends in .tlog-proof or /proof is one proof

            Whose word counts: this installation's log key, written down at its first start.
              --vkey KEY         another verifier key instead, name+hash+base64; --vkey-file FILE for several
              --leaf FILE        the entry of a proof that does not carry it
              --ciphertext FILE  the stored ciphertext the entry speaks of; --opening FILE what it holds
              --since FILE       an older signed checkpoint; the log must be its continuation
              --json             one JSON object a line

            Ends with 0 when everything verifies, 1 when something does not (the line FAILED says what and where), 2
            when it could not be tried.
            """);

    /// The platform of `docker compose up`, instead of the one of `./elleve up`.
    private static final String COMPOSE = "--compose";

    private Launcher() {}

    public static void main(String... words) {
        var status = run(words);
        // The mail sink's threads are to stay; every other command is over here.
        if (words.length == 0 || !words[0].equals(MailPart.COMMAND)) {
            System.exit(status);
        }
    }

    private static int run(String... words) {
        try {
            if (words.length > 0 && words[0].equals(MailPart.COMMAND)) {
                MailPart.serve(List.of(words).subList(1, words.length));
                return 0;
            }
            if (words.length > 0 && words[0].equals(Setup.COMMAND)) {
                return Setup.run(List.of(words).subList(1, words.length), new Screen(System.out));
            }
            if (List.of(words).contains(COMPOSE)) {
                ComposePlatform.prepareNames();
            }
            var arguments = Arguments.parse(words);
            var help = arguments.command().equals("rollout") ? Rollout.HELP : HELP_OF.get(arguments.command());
            if (arguments.command().equals("help")) {
                System.out.print(HELP);
                return 0;
            }
            if (arguments.asksForHelp() && help != null) {
                System.out.print(help);
                return 0;
            }
            return command(arguments);
        } catch (RuntimeException e) {
            System.err.println("elleve: " + Up.sentence(e));
            return e instanceof Refusal || e instanceof PartFailure ? 1 : 2;
        }
    }

    private static int command(Arguments arguments) {
        var screen = new Screen(System.out);
        var installation = Installation.of(arguments);
        return switch (arguments.command()) {
            case "up" -> new Up(installation, screen).run(arguments.rest());
            case "down" -> new Down(installation, screen).run(arguments.rest());
            case "status" -> {
                arguments.refuseRest();
                yield new Status(installation, screen).run();
            }
            case "logs" -> new Logs(installation).run(arguments.rest());
            case "demo" -> demo(installation, arguments, screen);
            case "restore" -> new Restore(installation).run(arguments.rest());
            case "rollout" -> new Rollout(installation, screen).run(arguments.rest());
            case "set-aside" -> new SetAside(installation, screen).run(arguments.rest());
            case "verify" -> new Verify(installation).run(arguments.rest());
            case "bench" -> new Bench(installation, screen).run(arguments.rest());
            default ->
                throw new Refusal("There is no command " + arguments.command() + "; ./elleve --help lists them.");
        };
    }

    private static int demo(Installation installation, Arguments arguments, Screen screen) {
        var words = new ArrayList<>(arguments.rest());
        if (!words.remove(COMPOSE)) {
            return new Demo(new LocalPlatform(installation), screen).run(words);
        }
        var project = arguments.option("--project").orElse("elleve");
        try (var platform = new ComposePlatform(installation, project)) {
            return new Demo(platform, screen).run(words);
        }
    }
}
