package dev.cacheproof.query;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A text file beside the source of a test class.
 *
 * @param path where it is
 * @param testClass the simple name of the outermost class around the test
 */
record SnapshotFile(Path path, String testClass) {

    private static final int LONGEST_NAME = 100;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

    /** Windows has devices of these names, whatever follows after a dot. */
    private static final Set<String> RESERVED = Set.of("con", "prn", "aux", "nul");

    private static final Pattern RESERVED_PORT = Pattern.compile("(com|lpt)[0-9]");
    private static final List<String> ENGINES = List.of("org.junit.platform.", "org.junit.jupiter.engine.");

    static String requireName(String name) {
        String first = name.split("\\.", 2)[0].toLowerCase(Locale.ROOT);
        if (name.length() > LONGEST_NAME
                || !NAME.matcher(name).matches()
                || RESERVED.contains(first)
                || RESERVED_PORT.matcher(first).matches()) {
            throw new IllegalArgumentException(
                    "name must be 1 to 100 of a-z, A-Z, 0-9, \"-\" and \"_\", with single dots between them, and none that"
                            + " Windows reserves, such as con, but is \"" + name + "\"");
        }
        return name;
    }

    /**
     * Finds the place of a snapshot: beside the source of the class that the test is in. The stack tells it also without
     * JUnit, and more than the name of a running test does, which is a text to show. Helpers lie inside of the test's own
     * frame, and extensions of the project outside of it, beyond the call by which a framework has invoked the test.
     *
     * @param stack the stack of the thread that asserts, innermost first
     */
    static Optional<SnapshotFile> of(String name, Path root, StackTraceElement[] stack) {
        SnapshotFile found = null;
        for (StackTraceElement frame : stack) {
            if (found != null && isInvocation(frame)) {
                break;
            }
            Path source = source(root, frame);
            if (source != null && Files.isRegularFile(source)) {
                String file = String.valueOf(source.getFileName());
                String testClass = file.substring(0, file.lastIndexOf('.'));
                found = new SnapshotFile(source.resolveSibling(testClass + "." + name + ".snapshot"), testClass);
            }
        }
        return Optional.ofNullable(found);
    }

    private static boolean isInvocation(StackTraceElement frame) {
        String type = frame.getClassName();
        return (type.equals("java.lang.reflect.Method") && frame.getMethodName().equals("invoke"))
                || ENGINES.stream().anyMatch(type::startsWith);
    }

    /** Returns where the source of a frame is, if it is below the root; null where that cannot be told. */
    private static @Nullable Path source(Path root, StackTraceElement frame) {
        String file = frame.getFileName();
        if (file == null || file.lastIndexOf('.') <= 0 || file.indexOf('/') >= 0 || file.indexOf('\\') >= 0) {
            return null;
        }
        String type = frame.getClassName();
        int end = type.lastIndexOf('.');
        try {
            return root.resolve(end < 0 ? "" : type.substring(0, end).replace('.', '/'))
                    .resolve(file);
        } catch (InvalidPathException generated) {
            return null;
        }
    }

    /** Returns the path as it is told: from the working directory, if it is inside. */
    String shown() {
        return shown(path);
    }

    static String shown(Path path) {
        Path here = Path.of("").toAbsolutePath();
        Path absolute = path.toAbsolutePath().normalize();
        return (absolute.startsWith(here) ? here.relativize(absolute) : absolute)
                .toString()
                .replace('\\', '/');
    }

    /** Returns the text; empty where there is no file. */
    Optional<String> read() throws IOException {
        try {
            return Optional.of(Files.readString(path, StandardCharsets.UTF_8));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    /** Writes the text aside, and moves it: whoever reads meanwhile, or ends this process, sees the old file or the new one. */
    void write(String text) throws IOException {
        Path aside = path.resolveSibling("." + path.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            Files.writeString(aside, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
            try {
                Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (AtomicMoveNotSupportedException unsupported) {
                Files.move(aside, path, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(aside);
        }
    }
}
