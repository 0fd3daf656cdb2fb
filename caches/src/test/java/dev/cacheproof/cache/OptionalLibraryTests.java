package dev.cacheproof.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** An adapter whose library is missing must not be missed. */
class OptionalLibraryTests {

    @Test
    void mapsWorkWithoutCaffeine() throws Exception {
        Map<String, String> map = new ConcurrentHashMap<>(Map.of("a", "1"));

        assertThat(run(WithoutCaffeine.class, map, path -> !path.contains("caffeine")))
                .isEqualTo("java.util.Map, java.lang.ThreadLocal, RedisNamespace; entries: 0; watched: true");
    }

    @Test
    void mapsWorkWithoutJedis() throws Exception {
        Map<String, String> map = new ConcurrentHashMap<>(Map.of("a", "1"));

        assertThat(run(WithoutCaffeine.class, map, path -> !path.contains("jedis")))
                .isEqualTo("Caffeine's Cache and AsyncCache, java.util.Map, java.lang.ThreadLocal;"
                        + " entries: 0; watched: true");
    }

    /** The control: the same, with all of the class path. */
    @Test
    void theAdapterOfALibraryThatIsThereIsOffered() throws Exception {
        Map<String, String> map = new ConcurrentHashMap<>(Map.of("a", "1"));

        assertThat(run(WithoutCaffeine.class, map, path -> true))
                .isEqualTo("Caffeine's Cache and AsyncCache, java.util.Map, java.lang.ThreadLocal, RedisNamespace;"
                        + " entries: 0; watched: true");
    }

    private static Object run(
            Class<? extends Callable<?>> type, Map<String, String> map, java.util.function.Predicate<String> kept)
            throws Exception {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        URL[] urls = Arrays.stream(classPath.split(File.pathSeparator))
                .filter(path -> kept.test(Path.of(path).getFileName().toString()))
                .map(OptionalLibraryTests::url)
                .toArray(URL[]::new);
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
            current.setContextClassLoader(loader);
            Object task = loader.loadClass(type.getName())
                    .getDeclaredConstructor(Map.class)
                    .newInstance(map);
            assertThat(task.getClass()).isNotSameAs(type);
            return ((Callable<?>) task).call();
        } finally {
            current.setContextClassLoader(before);
        }
    }

    private static URL url(String path) {
        try {
            return Path.of(path).toUri().toURL();
        } catch (MalformedURLException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
