package dk.elleve.backup.vault;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// A vault in a folder: for a copy of the blob container that has been brought home, and for tests.
public final class FolderVault implements Vault {

    private final Path root;

    public FolderVault(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    @Override
    public boolean putIfAbsent(String name, byte[] bytes) {
        var target = path(name);
        try {
            Files.createDirectories(target.getParent());
            var draft = Files.createDirectories(root.resolve(".draft"))
                    .resolve(UUID.randomUUID().toString());
            try {
                try (var channel = FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                    var buffer = ByteBuffer.wrap(bytes);
                    while (buffer.hasRemaining()) {
                        channel.write(buffer);
                    }
                    channel.force(true);
                }
                // A hard link appears whole and, unlike a rename, never replaces what is there.
                Files.createLink(target, draft);
                return true;
            } catch (FileAlreadyExistsException e) {
                return false;
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw unreachable(name, e);
        }
    }

    @Override
    public Optional<byte[]> get(String name) {
        try {
            return Optional.of(Files.readAllBytes(path(name)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw unreachable(name, e);
        }
    }

    @Override
    public Optional<byte[]> get(String name, int from, int size) {
        try (var channel = FileChannel.open(path(name), StandardOpenOption.READ)) {
            var bytes = ByteBuffer.allocate(size);
            while (bytes.hasRemaining() && channel.read(bytes, (long) from + bytes.position()) >= 0) {}
            return Optional.of(Arrays.copyOf(bytes.array(), bytes.position()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw unreachable(name, e);
        }
    }

    @Override
    public List<String> list(String prefix) {
        var folder = path(prefix.substring(0, prefix.lastIndexOf('/') + 1));
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .filter(name -> name.startsWith(prefix) && !name.startsWith(".draft/"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw unreachable(prefix, e);
        }
    }

    @Override
    public void delete(String name) {
        try {
            Files.deleteIfExists(path(name));
        } catch (IOException e) {
            throw unreachable(name, e);
        }
    }

    private Path path(String name) {
        var path = root.resolve(name).normalize();
        if (!path.startsWith(root)) {
            throw new IllegalArgumentException("'" + name + "' leads out of the vault");
        }
        return path;
    }

    private static VaultException unreachable(String name, IOException e) {
        return new VaultException(VaultProblem.UNREACHABLE, "the vault's folder failed at '" + name + "': " + e, e);
    }
}
