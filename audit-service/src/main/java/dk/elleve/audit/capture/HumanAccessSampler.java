package dk.elleve.audit.capture;

import dk.elleve.kit.measure.Measure;
import dk.elleve.kit.measure.Sample;
import dk.elleve.kit.measure.Sampler;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/// Who may log in to the databases, counted, not named. It asks as the capture role, which every
/// database of the cluster lets in: roles are the whole cluster's.
@Component
class HumanAccessSampler implements Sampler {

    private static final Measure STANDING = new Measure(
            "elleve.audit.access.standing.grants", "Logins to the databases that are no service's and have no end");
    private static final Measure OPEN = new Measure(
            "elleve.audit.access.grants.open", "Logins to the databases that are no service's and end by themselves");
    private static final Measure LEFT = new Measure(
            "elleve.audit.access.grants.left",
            "seconds",
            "Time until the last of the open ones ends; 0 when none is open");
    private static final Measure OVERSTAYING = new Measure(
            "elleve.audit.access.sessions.overstaying",
            "Sessions on the databases whose login has ended, was locked or is gone");

    private final List<SourceDatabase> sources;
    private final Set<String> services;

    HumanAccessSampler(CaptureProperties capture, HumanAccessProperties properties) {
        this.sources = capture.sources().stream()
                .map(name -> new SourceDatabase(capture.capture(), name))
                .toList();
        this.services = properties.serviceRoles();
    }

    @Override
    public String name() {
        return "human-access";
    }

    @Override
    public void sample(Sample sample) {
        try {
            var access = HumanAccess.of(sources.getFirst().roles(), services);
            sample.put(STANDING, access.standing());
            sample.put(OPEN, access.open());
            sample.put(LEFT, access.longestLeft());
            sample.put(OVERSTAYING, access.overstaying());
        } catch (SQLException away) {
            throw new IllegalStateException("The roles cannot be looked at: " + away.getMessage(), away);
        }
    }
}
