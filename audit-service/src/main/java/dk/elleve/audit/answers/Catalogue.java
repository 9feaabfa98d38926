package dk.elleve.audit.answers;

import dk.elleve.contracts.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The eleven questions and the claims behind them. A claim that nothing proves yet stands here all the same: its
/// answer says so.
final class Catalogue {

    /// Services say where their endpoints lie every hour.
    private static final Duration HOURLY = Duration.ofMinutes(90);

    private static final Duration DAILY = Duration.ofHours(25);

    private static final List<Text> QUESTIONS = List.of(
            new Text("Hvor er data fysisk placeret?", "Where is the data physically?"),
            new Text("Hvordan og hvor tages der backup?", "How and where is backup made?"),
            new Text("Hvordan håndteres antivirus og opdatering af det?", "How are antivirus and its updates handled?"),
            new Text("Hvordan opdateres og ændres systemerne?", "How are systems updated and changed?"),
            new Text("Hvordan styres adgange og rettigheder?", "How are access and privileges controlled?"),
            new Text("Hvordan er netværkene sikret?", "How are networks secured?"),
            new Text("Hvordan er netværkene dokumenteret?", "How are networks documented?"),
            new Text("Findes der en it-beredskabsplan?", "Is there an IT emergency plan?"),
            new Text("Testes sikkerheden løbende?", "Is security tested continuously?"),
            new Text("Hvordan behandles personoplysninger?", "How is personal data handled?"),
            new Text("Hvordan sikres fortroligheden?", "How is confidentiality ensured?"));

    private static final List<Claim> CLAIMS = List.of(
            residency("identity", Topic.IDENTITY_EVIDENCE),
            residency("tenant-data", Topic.TENANTDATA_EVIDENCE),
            residency("backup", Topic.BACKUP_EVIDENCE),
            residency("breach", Topic.BREACH_EVIDENCE),
            residency("audit", Topic.AUDIT_EVIDENCE),
            claim(
                    "backup.full",
                    2,
                    Topic.BACKUP_EVIDENCE,
                    HOURLY, // its age is looked at each hour
                    "Der findes en fuld, krypteret backup, som er højst otte dage gammel.",
                    "There is a full, encrypted backup that is at most eight days old."),
            claim(
                    "backup.incremental",
                    2,
                    Topic.BACKUP_EVIDENCE,
                    HOURLY, // its age is looked at each hour
                    "Den nyeste backup, fuld eller inkrementel, er højst tretten timer gammel.",
                    "The newest backup, full or incremental, is at most thirteen hours old."),
            claim(
                    "backup.wal",
                    2,
                    Topic.BACKUP_EVIDENCE,
                    Duration.ofMinutes(5),
                    "Enhver ændring ligger i backuppen inden for fem minutter.",
                    "Every change lies in the backup within five minutes."),
            claim(
                    "backup.verified",
                    2,
                    Topic.BACKUP_EVIDENCE,
                    HOURLY, // a seventh of everything is read each day; how long ago, is looked at each hour
                    "Backupperne er læst igen, og alt er, hvad der blev skrevet.",
                    "The backups were read again, and everything is what was written."),
            claim(
                    "backup.drill",
                    2,
                    Topic.BACKUP_EVIDENCE,
                    HOURLY, // how long ago the last one was, is looked at each hour
                    "En backup er gendannet og sammenlignet inden for de sidste syv dage.",
                    "A backup was restored and compared within the last seven days."),
            claim(
                    "antivirus.upload",
                    3,
                    null,
                    DAILY,
                    "En testvirus, der uploades, bliver afvist.",
                    "A test virus that is uploaded is refused."),
            claim(
                    "change.window",
                    4,
                    Topic.AUDIT_EVIDENCE,
                    HOURLY, // the register is looked at each hour
                    "Opdateringer sker i de fastsatte stille timer, efter en backup.",
                    "Updates run in the set quiet hours, after a backup."),
            claim(
                    AttributionWatch.CLAIM,
                    5,
                    Topic.AUDIT_EVIDENCE,
                    Duration.ofMinutes(5),
                    "Enhver ændring i databaserne har en kendt ophavsmand.",
                    "Every change in the databases has a known author."),
            claim(
                    "access.reconciled",
                    5,
                    Topic.AUDIT_EVIDENCE,
                    DAILY,
                    "Databaserne svarer, række for række, til loggen over deres ændringer.",
                    "The databases agree, row by row, with the log of their changes."),
            claim(
                    "access.standing",
                    5,
                    null,
                    HOURLY,
                    "Ingen har stående adgang til produktionen.",
                    "Nobody has standing access to production."),
            claim(
                    "network.reachability",
                    6,
                    Topic.DEPLOY_EVIDENCE,
                    DAILY,
                    "Kun de erklærede forbindelser mellem tjenesterne kan oprettes.",
                    "Only the declared connections between services can be made."),
            claim(
                    "network.diagram",
                    7,
                    Topic.DEPLOY_EVIDENCE,
                    DAILY,
                    "Netværksdiagrammet svarer til den observerede trafik.",
                    "The network diagram agrees with the observed traffic."),
            claim(
                    "emergency.drill",
                    8,
                    Topic.BREACH_EVIDENCE,
                    Duration.ofDays(180),
                    "Beredskabsplanen er øvet, og fristerne blev holdt.",
                    "The emergency plan was exercised and its clocks were met."),
            claim(
                    "security.probes",
                    9,
                    null,
                    DAILY,
                    "Forfalskede og udløbne adgange afvises, og kunder kan ikke se hinandens data.",
                    "Forged and expired access is refused, and tenants cannot see each other's data."),
            claim(
                    "personal.retention",
                    10,
                    null,
                    DAILY,
                    "Personoplysninger slettes, når deres opbevaringstid er udløbet.",
                    "Personal data is deleted when its retention has ended."),
            claim(
                    "encryption.fields",
                    11,
                    Topic.TENANTDATA_EVIDENCE,
                    DAILY,
                    "Personfelter er krypteret med kundens egen nøgle, før de når databasen.",
                    "Personal fields are encrypted under the tenant's own key before they reach the database."));

    private Catalogue() {}

    static int size() {
        return QUESTIONS.size();
    }

    /// @param number 1 to 11
    static Text question(int number) {
        return QUESTIONS.get(number - 1);
    }

    static List<Claim> claims(int number) {
        return CLAIMS.stream().filter(claim -> claim.question() == number).toList();
    }

    static Optional<Claim> find(String id) {
        return CLAIMS.stream().filter(claim -> claim.id().equals(id)).findFirst();
    }

    private static Claim residency(String service, Topic owner) {
        return claim(
                "residency." + service,
                1,
                owner,
                HOURLY,
                "Alle endepunkter for tjenesten " + service + " ligger i de tilladte EU-regioner.",
                "All endpoints of the service " + service + " lie in the allowed EU regions.");
    }

    private static Claim claim(
            String id, int question, @Nullable Topic owner, Duration freshFor, String da, String en) {
        return new Claim(id, question, owner, freshFor, new Text(da, en));
    }
}
