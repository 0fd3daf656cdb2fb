package dev.cacheproof.boot;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * A repository as a user's Maven would have it, had we released: all that is in the real one, by symbolic links, and our
 * jars, which are made from the classes that were just compiled. The real one gets nothing of ours.
 */
final class UsersRepository {

    private static final List<String> MODULES =
            List.of("core", "caches", "fakes", "query-counter", "junit-extension", "spring");

    private final Path folder;
    private final String version;

    private UsersRepository(Path folder, String version) {
        this.folder = folder;
        this.version = version;
    }

    /**
     * Makes the repository.
     *
     * @param folder an empty folder
     * @param real the repository of whoever runs this
     * @param sources the folder of the parent's pom
     */
    static UsersRepository create(Path folder, Path real, Path sources, String version) throws IOException {
        UsersRepository repository = new UsersRepository(folder, version);
        link(real, folder, "dev");
        link(real.resolve("dev"), folder.resolve("dev"), "cacheproof");
        repository.add(sources, "cacheproof-parent");
        for (String module : MODULES) {
            repository.add(sources.resolve(module), "cacheproof-" + module);
        }
        return repository;
    }

    Path folder() {
        return folder;
    }

    private static void link(Path from, Path to, String except) throws IOException {
        Files.createDirectories(to);
        if (Files.isDirectory(from)) {
            try (Stream<Path> children = Files.list(from)) {
                for (Path child : children.toList()) {
                    if (!child.getFileName().toString().equals(except)) {
                        Files.createSymbolicLink(to.resolve(child.getFileName()), child);
                    }
                }
            }
        }
    }

    private void add(Path module, String artifact) throws IOException {
        Path home = Files.createDirectories(
                folder.resolve("dev/cacheproof").resolve(artifact).resolve(version));
        Files.copy(module.resolve("pom.xml"), home.resolve(artifact + "-" + version + ".pom"));
        Path classes = module.resolve("target/classes");
        if (Files.isDirectory(classes)) {
            jar(classes, home.resolve(artifact + "-" + version + ".jar"));
        }
    }

    private static void jar(Path classes, Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> all = Files.walk(classes)) {
            for (Path each : all.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(
                        new JarEntry(classes.relativize(each).toString().replace('\\', '/')));
                Files.copy(each, out);
                out.closeEntry();
            }
        }
    }

    /** Deletes a folder, and of what it links to nothing. */
    static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failed) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
