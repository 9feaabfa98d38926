package dk.elleve.segments;

import dk.elleve.segments.ComposeProject.Container;
import dk.elleve.segments.Declaration.Member;
import dk.elleve.segments.Probe.Observation;
import dk.elleve.segments.Prober.Outcome;
import dk.elleve.segments.Prober.Target;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/// Asks every member of a running project what it can reach, and the host what it saw.
final class ComposeCheck {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .build();
    private static final int MEMBERS_AT_ONCE = 4;

    private final Declaration declaration;
    private final Networks networks;
    private final LocalDate declared;
    private final Optional<String> image;
    private final Clock clock;
    private final Consumer<String> say;

    /// @param image with the command in it, for hosts where this process may not enter namespaces
    /// itself
    /// @param say for lines that show how far it is
    ComposeCheck(
            Declaration declaration, LocalDate declared, Optional<String> image, Clock clock, Consumer<String> say) {
        this.declaration = declaration;
        this.networks = Networks.of(declaration);
        this.declared = declared;
        this.image = image;
        this.clock = clock;
        this.say = say;
    }

    /// The picture and what is handed on.
    record Outcomes(Matrix matrix, Measured measured) {}

    Outcomes run(ComposeProject project) {
        var kernel = new HostKernel(declaration, project);
        // Before the probes: they are tries too, and dropped ones at that.
        var traffic = kernel.traffic(networks);
        var there = declaration.members().stream()
                .filter(member -> project.container(member.name()).isPresent())
                .toList();
        List<Observation> seen;
        try {
            seen = look(project, there);
        } finally {
            kernel.forgetDenied();
        }
        var matrix = new Matrix(declaration, there.stream().map(Member::name).collect(Collectors.toSet()), seen);
        var differences = new ArrayList<>(project.differences(declaration, networks));
        differences.addAll(matrix.differences());
        var expected =
                (int) seen.stream().filter(each -> each.probe().allowed()).count();
        if (expected == 0) {
            differences.add("too few members run: not one declared connection could be tried");
        }
        var drift = traffic.drift(declaration);
        var known = declaration.flows().stream().map(Declaration.Flow::text).toList();
        return new Outcomes(
                matrix,
                new Measured(
                        EvidencePublisher.newId(),
                        EvidencePublisher.newId(),
                        clock.instant(),
                        declared,
                        there.stream().map(Member::name).toList(),
                        declaration.members().stream()
                                .filter(member -> !there.contains(member))
                                .map(Member::name)
                                .toList(),
                        declaration.flows().size(),
                        expected,
                        seen.size(),
                        matrix.open(),
                        (int) traffic.connected().stream()
                                .filter(known::contains)
                                .count(),
                        differences,
                        drift));
    }

    private List<Observation> look(ComposeProject project, List<Member> there) {
        var all = new ArrayList<Observation>();
        try (var threads = Executors.newFixedThreadPool(MEMBERS_AT_ONCE)) {
            var looks = new ArrayList<Future<List<Observation>>>();
            for (var member : there) {
                var container = project.container(member.name()).orElseThrow();
                looks.add(threads.submit(() -> look(project, member, container)));
            }
            for (int i = 0; i < looks.size(); i++) {
                all.addAll(looks.get(i).get());
                say.accept("asked " + (i + 1) + " of " + looks.size() + ": "
                        + there.get(i).name());
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("Interrupted while asking the members.", e);
        }
        return all;
    }

    /// Only those who run can be reached or not reached.
    private List<Observation> look(ComposeProject project, Member member, Container container) {
        var probes = Probe.from(declaration, networks, member).stream()
                .filter(probe -> probe.to().equals(Probe.HOST)
                        || project.container(probe.to()).isPresent())
                .toList();
        if (image.isEmpty()) {
            return container.namespace().inside(() -> Vantage.look(probes));
        }
        var printed = Shell.run(
                List.of(
                        "docker",
                        "run",
                        "--rm",
                        "--network",
                        "container:" + container.id(),
                        "--cap-drop",
                        "ALL",
                        "--read-only",
                        "--tmpfs",
                        "/tmp",
                        image.get(),
                        "probe",
                        "--from",
                        member.name()),
                "");
        var seen = printed.lines()
                .map(ComposeCheck::parse)
                .filter(each -> probes.contains(each.probe()))
                .toList();
        if (seen.size() != probes.size()) {
            throw new Refusal("The image " + image.get() + " carries another declaration than this command ("
                    + seen.size() + " of " + probes.size() + " tries of " + member.name() + "); build it again.");
        }
        return seen;
    }

    /// One line of `segment-probe probe`.
    private record Line(String from, String to, String address, int port, boolean declared, Outcome outcome) {}

    static String line(Observation seen) {
        var probe = seen.probe();
        return JSON.writeValueAsString(new Line(
                probe.from(),
                probe.to(),
                probe.target().address(),
                probe.target().port(),
                probe.allowed(),
                seen.outcome()));
    }

    static Observation parse(String text) {
        try {
            var line = JSON.readValue(text, Line.class);
            return new Probe(line.from(), line.to(), new Target(line.address(), line.port()), line.declared())
                    .saw(line.outcome());
        } catch (JacksonException e) {
            throw new Refusal("`segment-probe probe` printed what is no result: " + text, e);
        }
    }
}
