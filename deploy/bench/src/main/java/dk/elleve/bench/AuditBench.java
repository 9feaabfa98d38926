package dk.elleve.bench;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;

/// Runs the measurements that are named, in the order of the names.
final class AuditBench {

    private AuditBench() {}

    public static void main(String... names) {
        try {
            var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            var given = Given.read(in);
            var told = new Told(System.out, in);
            for (var name : List.of(names)) {
                run(name, given, told);
            }
            System.exit(0);
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private static void run(String name, Given given, Told told) throws Exception {
        var clock = Clock.systemUTC();
        switch (name) {
            case "rows" -> new RowsAndBytes(given, told, clock).run();
            case "latency" -> new CommitToVisible(given, told, clock).run();
            case "fsck" -> new Fsck(given, told).run();
            case "proof" -> new InclusionProof(given, told).run();
            case "failover" -> new Failover(given, told, clock).run();
            default -> throw new IllegalArgumentException("There is no measurement " + name);
        }
    }
}
