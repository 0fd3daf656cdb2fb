package dev.cacheproof.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.fake.redis.FakeRedis;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A namespace takes the clients of Jedis 6 and 8 as well. Each is loaded, together with this module, by a class loader that
 * looks at its jars first; the build puts those under {@code target/clients}.
 */
class JedisVersionTests {

    private static final Path CLIENTS = Path.of("target", "clients");

    @ParameterizedTest
    @CsvSource({"jedis-6, JedisPooled", "jedis-8, RedisClient"})
    void theNamespaceWorksWith(String version, String client) throws Exception {
        try (FakeRedis server = FakeRedis.start();
                ChildFirst loader = new ChildFirst(jarsOf(version))) {
            server.put("price", "1");
            Class<?> scenario = loader.loadClass(getClass().getPackageName() + ".JedisVersionScenario");
            assertThat(loader.loadClass("redis.clients.jedis.UnifiedJedis").getClassLoader())
                    .as("loaded from " + version)
                    .isSameAs(loader);

            assertThat(run(scenario, client, server.uri()))
                    .isEqualTo(client + ": CacheView[entries=1, keys=[outline], reads=-1], then 0, and refused");

            assertThat(server.keys()).hasSize(2).contains("price");
        }
    }

    @SuppressWarnings("unchecked")
    private static String run(Class<?> scenario, String client, String uri) throws ReflectiveOperationException {
        Constructor<?> constructor = scenario.getDeclaredConstructor();
        // Loaded by another class loader, it lies in another package of the same name.
        constructor.setAccessible(true);
        return ((BinaryOperator<String>) constructor.newInstance()).apply(client, uri);
    }

    private static URL[] jarsOf(String version) throws IOException {
        List<URL> all = new ArrayList<>();
        try (Stream<Path> jars = Files.list(CLIENTS.resolve(version))) {
            for (Path jar : jars.sorted().toList()) {
                all.add(jar.toUri().toURL());
            }
        }
        // The namespace and the scenario link to the client, so they are loaded anew with it.
        all.add(RedisNamespace.class.getProtectionDomain().getCodeSource().getLocation());
        all.add(JedisVersionTests.class.getProtectionDomain().getCodeSource().getLocation());
        return all.toArray(URL[]::new);
    }

    private static final class ChildFirst extends URLClassLoader {

        ChildFirst(URL[] urls) {
            super(urls, JedisVersionTests.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded != null) {
                    return loaded;
                }
                try {
                    return findClass(name);
                } catch (ClassNotFoundException notHere) {
                    return super.loadClass(name, resolve);
                }
            }
        }
    }
}
