package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Clients of several versions work with the fake. Each is loaded, together with the fake and the scenario, by a class loader
 * that looks at that client's jars first; the build puts those under {@code target/clients}.
 */
class ClientVersionTests {

    private static final Path CLIENTS = Path.of("target", "clients");

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "jedis-6, redis.clients.jedis.Jedis, JedisScenario",
        "jedis-6, redis.clients.jedis.Jedis, JedisPooledScenario",
        "jedis-8, redis.clients.jedis.Jedis, JedisScenario",
        "jedis-8, redis.clients.jedis.Jedis, RedisClientScenario",
    })
    void workWithTheFake(String client, String probe, String scenario) throws Exception {
        try (ChildFirst loader = new ChildFirst(jarsOf(client))) {
            assertThat(loader.loadClass(probe).getClassLoader())
                    .as("loaded from " + client)
                    .isSameAs(loader);
            Class<?> type = loader.loadClass(getClass().getPackageName() + "." + scenario);
            run(type);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"JedisScenario", "JedisPooledScenario", "RedisClientScenario", "LettuceScenario"})
    void workWithTheFakeInTheVersionsThatItIsCompiledOn(String scenario) throws Exception {
        Class<?> type = Class.forName(getClass().getPackageName() + "." + scenario);
        run(type);
    }

    private static void run(Class<?> scenario) throws ReflectiveOperationException {
        Constructor<?> constructor = scenario.getDeclaredConstructor();
        // Loaded by another class loader, it lies in another package of the same name.
        constructor.setAccessible(true);
        ((Runnable) constructor.newInstance()).run();
    }

    private static URL[] jarsOf(String client) throws IOException {
        List<URL> all = new ArrayList<>();
        try (Stream<Path> jars = Files.list(CLIENTS.resolve(client))) {
            for (Path jar : jars.sorted().toList()) {
                all.add(jar.toUri().toURL());
            }
        }
        // The fake and the scenarios link to the client, so they are loaded anew with it.
        all.add(FakeRedis.class.getProtectionDomain().getCodeSource().getLocation());
        all.add(ClientVersionTests.class.getProtectionDomain().getCodeSource().getLocation());
        return all.toArray(URL[]::new);
    }

    private static final class ChildFirst extends URLClassLoader {

        ChildFirst(URL[] urls) {
            super(urls, ClientVersionTests.class.getClassLoader());
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
