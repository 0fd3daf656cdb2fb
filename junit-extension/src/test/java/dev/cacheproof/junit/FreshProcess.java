package dev.cacheproof.junit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Loads every class anew, with other registrars. What a registrar adds stays for the life of a process, so suites that need
 * one would meet each other's caches; and a class is initialized once.
 */
final class FreshProcess {

    private static final String SERVICE = "META-INF/services/dev.cacheproof.CacheRegistrar";

    private FreshProcess() {}

    /** Calls a program, which has a public constructor without parameters, where only the given registrars are found. */
    static List<String> call(Class<? extends Callable<List<String>>> program, Class<?>... registrars) {
        String services = Stream.of(registrars).map(Class::getName).collect(Collectors.joining("\n"));
        return call(program, services);
    }

    static List<String> call(Class<? extends Callable<List<String>>> program, String services) {
        return call(program, services, entry -> true);
    }

    /** Calls a program where no artifact is found whose file has such a name. */
    static List<String> callWithout(String artifact, Class<? extends Callable<List<String>>> program) {
        return call(
                program, "", entry -> !Path.of(entry).getFileName().toString().startsWith(artifact));
    }

    private static List<String> call(
            Class<? extends Callable<List<String>>> program, String services, Predicate<String> isOnClassPath) {
        try {
            Path file = Files.createTempFile("registrars", ".txt");
            try (URLClassLoader loader =
                    new Loader(Files.writeString(file, services).toUri().toURL(), isOnClassPath)) {
                FutureTask<List<String>> task = new FutureTask<>(() -> callIn(loader, program.getName()));
                Thread thread = new Thread(task, "fresh-process");
                thread.setContextClassLoader(loader);
                thread.start();
                return task.get();
            } finally {
                Files.delete(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (ExecutionException failed) {
            throw new AssertionError(failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    private static List<String> callIn(ClassLoader loader, String program) throws Exception {
        Callable<?> callable =
                (Callable<?>) loader.loadClass(program).getDeclaredConstructor().newInstance();
        return ((List<?>) callable.call()).stream().map(String::valueOf).toList();
    }

    private static final class Loader extends URLClassLoader {
        private final URL services;

        Loader(URL services, Predicate<String> isOnClassPath) {
            super(classPath(isOnClassPath), ClassLoader.getPlatformClassLoader());
            this.services = services;
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            return name.equals(SERVICE) ? Collections.enumeration(List.of(services)) : super.getResources(name);
        }

        private static URL[] classPath(Predicate<String> isOnClassPath) {
            return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                    .filter(isOnClassPath)
                    .map(Loader::url)
                    .toArray(URL[]::new);
        }

        private static URL url(String entry) {
            try {
                return Path.of(entry).toUri().toURL();
            } catch (MalformedURLException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
