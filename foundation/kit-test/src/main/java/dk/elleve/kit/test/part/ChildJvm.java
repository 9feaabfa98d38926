package dk.elleve.kit.test.part;

import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// The command of a process that a test starts in order to kill it, with the test's own class path.
/// Such processes are started many times, and most of a start is loading classes: the first that ends
/// by itself, or by `Runtime.halt`, leaves an archive of them (class data sharing) in which all later
/// ones find what they need: measured, 8 s instead of 25 on two busy cores. One that is killed leaves
/// none.
public final class ChildJvm {

    private static final Map<String, String> PATHS = new HashMap<>();

    private ChildJvm() {}

    /// @param megabytes the largest heap
    public static List<String> command(int megabytes, Class<?> main, List<String> arguments) {
        var work = Path.of("target", "child").toAbsolutePath();
        var path = classPath(work);
        var command = new ArrayList<>(List.of(
                Jvm.program(),
                "-Xmx" + megabytes + "m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedArchiveFile=" + work.resolve("classes.jsa"),
                "-Xlog:cds=off",
                "-Xlog:aot=off",
                "-cp",
                path,
                main.getName()));
        command.addAll(arguments);
        return command;
    }

    /// Classes in folders cannot be in the archive, so they are put into jars. An archive knows its
    /// jars by their time: made anew once for each run of tests, what they held before is never
    /// believed.
    private static synchronized String classPath(Path work) {
        return PATHS.computeIfAbsent(System.getProperty("java.class.path"), path -> {
            try {
                Parts.delete(work);
                Files.createDirectories(work);
                var jars = new ArrayList<String>();
                for (var element : path.split(File.pathSeparator)) {
                    var folder = Path.of(element);
                    jars.add(
                            Files.isDirectory(folder)
                                    ? jar(folder, work.resolve(jars.size() + ".jar"))
                                            .toString()
                                    : element);
                }
                return String.join(File.pathSeparator, jars);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static Path jar(Path folder, Path jar) throws IOException {
        try (var out = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(jar)));
                var files = Files.walk(folder)) {
            out.setMethod(ZipOutputStream.STORED);
            for (var file : files.filter(each -> !each.equals(folder)).sorted().toList()) {
                var name = folder.relativize(file).toString();
                // Spring looks for packages by the entries of their folders.
                var bytes = Files.isDirectory(file) ? new byte[0] : Files.readAllBytes(file);
                var crc = new CRC32();
                crc.update(bytes);
                var entry = new ZipEntry(Files.isDirectory(file) ? name + "/" : name);
                entry.setSize(bytes.length);
                entry.setCrc(crc.getValue());
                out.putNextEntry(entry);
                out.write(bytes);
                out.closeEntry();
            }
        }
        return jar;
    }
}
