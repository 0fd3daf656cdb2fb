package dev.cacheproof.servers;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/** The file of a redis-server, for a server that has a directory of its own. */
@FunctionalInterface
interface RedisExecutable {

    /** The binary that comes from Maven, copied into the directory. */
    RedisExecutable CARRIED = directory ->
            ExecutableProvider.newJarResourceProvider(directory.toFile()).get().toPath();

    /**
     * Returns the file.
     *
     * @param directory where it may be put
     * @return an executable file
     * @throws IOException if there is none for this machine
     */
    Path file(Path directory) throws IOException;

    /** Returns the file that a property gives, or else the one on the PATH; null where there is none. */
    static @Nullable RedisExecutable installed(String property, @Nullable String given, @Nullable String path) {
        if (given != null) {
            Path file = executable(given);
            if (file == null) {
                throw new IllegalArgumentException(property + " must be an executable file, but is \"" + given + "\"");
            }
            return directory -> file;
        }
        String separator = Pattern.quote(File.pathSeparator);
        return Stream.of(path == null ? new String[0] : path.split(separator, -1))
                .map(folder -> executable(folder + File.separator + "redis-server"))
                .filter(file -> file != null)
                .map(file -> (RedisExecutable) directory -> file)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Path executable(String name) {
        try {
            Path file = Path.of(name).toAbsolutePath();
            return Files.isRegularFile(file) && Files.isExecutable(file) ? file : null;
        } catch (InvalidPathException noPath) {
            return null;
        }
    }
}
