package dk.elleve.kit.test.part;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// How Java programs are started on a machine that has two cores for all of them.
public final class Jvm {

    /// The optimizing compiler waits until code runs a hundred times as often as it asks for by default. A start then
    /// takes half the processor time; what is hot for good is still optimized, a little later.
    public static final List<String> OPTIMIZING_LATE = List.of(
            "-XX:Tier4InvocationThreshold=500000",
            "-XX:Tier4MinInvocationThreshold=60000",
            "-XX:Tier4CompileThreshold=1500000",
            "-XX:Tier4BackEdgeThreshold=4000000");

    /// For the service that every row of every other one goes through. It must be fast soon after its
    /// start. What it has in its hands is young: it has half of the heap for that, and room for what
    /// is still in its hands when the garbage is collected, lest that be taken for old.
    public static final List<String> TAKING_EVERY_ROW = List.of(
            "-XX:NewRatio=1",
            "-XX:SurvivorRatio=3",
            "-XX:Tier4InvocationThreshold=20000",
            "-XX:Tier4MinInvocationThreshold=2400",
            "-XX:Tier4CompileThreshold=60000",
            "-XX:Tier4BackEdgeThreshold=160000");

    /// From a socket the JDK's HTTP client takes 16 KiB at a time by default, and hands each on from
    /// thread to thread: of gigabytes that took a third of the processor time.
    public static final String READING_LARGE = "-Djdk.httpclient.bufsize=262144";

    /// For what moves gigabytes: ciphers are fast in optimized code only, and a backup of a small cluster
    /// runs through too little to get there late. All else may wait: optimizing it took a quarter of a
    /// backup's processor time.
    public static final List<String> MOVING_GIGABYTES = Stream.concat(
                    OPTIMIZING_LATE.stream(),
                    Stream.of(
                            "-XX:CompileCommand=quiet",
                            "-XX:CompileCommand=CompileThresholdScaling,com.sun.crypto.provider.*::*,0.01",
                            "-XX:CompileCommand=CompileThresholdScaling,dk.elleve.backup.*::*,0.01",
                            READING_LARGE))
            .toList();

    private Jvm() {}

    /// The `java` that runs this.
    public static String program() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
