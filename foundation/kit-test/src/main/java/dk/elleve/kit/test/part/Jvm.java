package dk.elleve.kit.test.part;

import java.nio.file.Path;
import java.util.List;

/// How Java programs are started on a machine that has two cores for all of them.
public final class Jvm {

    /// The optimizing compiler waits until code runs a hundred times as often as it asks for by default. A start then
    /// takes half the processor time; what is hot for good is still optimized, a little later.
    public static final List<String> OPTIMIZING_LATE = List.of(
            "-XX:Tier4InvocationThreshold=500000",
            "-XX:Tier4MinInvocationThreshold=60000",
            "-XX:Tier4CompileThreshold=1500000",
            "-XX:Tier4BackEdgeThreshold=4000000");

    /// For a service that must be fast soon after its start, since every row of every other one goes through it.
    public static final List<String> OPTIMIZING_SOONER = List.of(
            "-XX:Tier4InvocationThreshold=20000",
            "-XX:Tier4MinInvocationThreshold=2400",
            "-XX:Tier4CompileThreshold=60000",
            "-XX:Tier4BackEdgeThreshold=160000");

    private Jvm() {}

    /// The `java` that runs this.
    public static String program() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
