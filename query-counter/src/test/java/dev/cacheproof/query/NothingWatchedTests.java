package dev.cacheproof.query;

import static dev.cacheproof.query.CachingContract.loads;
import static dev.cacheproof.query.Failures.here;
import static dev.cacheproof.query.Failures.textOf;
import static dev.cacheproof.query.QueryAssertions.assertCacheRoundTrips;
import static dev.cacheproof.query.QueryAssertions.assertCaching;
import static dev.cacheproof.query.QueryAssertions.assertNoRemoteAccess;
import static dev.cacheproof.query.QueryAssertions.assertNumQueries;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.CacheRegistry;
import dev.cacheproof.Loads;
import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.fake.redis.InProcessJedis;
import java.lang.reflect.Constructor;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

class NothingWatchedTests {

    /** Runs in a process of its own, as far as the toolkit can tell. */
    private static void inAFreshToolkit(Class<? extends Callable<?>> program) throws Exception {
        FreshToolkit toolkit = new FreshToolkit();
        Class<?> fresh = toolkit.loadClass(program.getName());
        assertThat(fresh).isNotSameAs(program);
        Constructor<?> constructor = fresh.getDeclaredConstructor();
        constructor.setAccessible(true);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(toolkit);
        try {
            ((Callable<?>) constructor.newInstance()).call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void provesNothingAboutCacheServers() throws Exception {
        inAFreshToolkit(CountRoundTrips.class);
    }

    static final class CountRoundTrips implements Callable<String> {
        @Override
        public String call() {
            int block = here() + 1;
            String text = textOf(() -> assertCacheRoundTrips(0, () -> {}));

            assertThat(text).isEqualTo("""
                            No cache server is watched, so the round trips of the block at (NothingWatchedTests.java:%d) cannot be counted

                              What to do: let the code under test connect to a fake of the test's own: @Fake FakeRedis redis,
                                and redis.uri() where its client is made.\
                            """.formatted(block));
            return text;
        }
    }

    @Test
    void aFakeThatIsClosedProvesNothing() throws Exception {
        inAFreshToolkit(CountAfterTheFake.class);
    }

    static final class CountAfterTheFake implements Callable<String> {
        @Override
        public String call() {
            try (FakeRedis redis = FakeRedis.start()) {
                assertThat(redis.keys()).isEmpty();
                assertCacheRoundTrips(0, () -> {});
                assertNoRemoteAccess(() -> {});
            }
            assertThat(textOf(() -> assertNoRemoteAccess(() -> {})))
                    .startsWith("Neither a data source nor a cache server is watched");
            return textOf(() -> assertCacheRoundTrips(0, () -> {}));
        }
    }

    @Test
    void countsWhatAFakeSawThatTheBlockItselfEnds() throws Exception {
        inAFreshToolkit(CountInsideTheFake.class);
    }

    static final class CountInsideTheFake implements Callable<@Nullable String> {
        @Override
        public @Nullable String call() {
            return assertCacheRoundTrips(1, () -> {
                try (FakeRedis redis = FakeRedis.start();
                        Jedis jedis = new Jedis(InProcessJedis.of(redis))) {
                    return jedis.get("key");
                }
            });
        }
    }

    @Test
    void provesNothingAboutRemoteAccess() throws Exception {
        inAFreshToolkit(ClaimNoRemoteAccess.class);
    }

    static final class ClaimNoRemoteAccess implements Callable<String> {
        @Override
        public String call() {
            int block = here() + 1;
            String text = textOf(() -> assertNoRemoteAccess(() -> {}));

            assertThat(text).isEqualTo("""
                            Neither a data source nor a cache server is watched, so it cannot be known what the block at (NothingWatchedTests.java:%d) asks for

                              What to do: give the code under test QueryCounter.watch(dataSource) instead of its data source, and
                                let it connect to a fake of the test's own: @Fake FakeRedis redis.\
                            """.formatted(block));
            return text;
        }
    }

    @Test
    void provesNothingAboutQueries() throws Exception {
        inAFreshToolkit(CountQueries.class);
    }

    static final class CountQueries implements Callable<String> {
        @Override
        public String call() {
            int block = here() + 1;
            String text = textOf(() -> assertNumQueries(0, () -> {}));

            assertThat(text).isEqualTo("""
                            No data source is watched, so the queries of the block at (NothingWatchedTests.java:%d) cannot be counted

                              What to do: give the code under test QueryCounter.watch(dataSource) instead of its data source.\
                            """.formatted(block));
            assertThat(textOf(() -> assertNumQueries(7, () -> {}))).startsWith("No data source is watched");
            return text;
        }
    }

    @Test
    void saysWhyWhereAnIntegrationKnows() throws Exception {
        inAFreshToolkit(CountQueriesOfAnApplication.class);
    }

    static final class CountQueriesOfAnApplication implements Callable<String> {
        @Override
        public String call() {
            Recorder.notWatched(Operation.Kind.QUERY, "the application has no data source");
            Recorder.notWatched(Operation.Kind.QUERY, "the application has no data source");
            Recorder.notWatched(Operation.Kind.QUERY, "the other one has a lazy one");
            int block = here() + 1;
            String text = textOf(() -> assertNumQueries(0, () -> {}));

            assertThat(text).isEqualTo("""
                            No data source is watched, so the queries of the block at (NothingWatchedTests.java:%d) cannot be counted

                              why  the application has no data source
                                   the other one has a lazy one

                              What to do: change what is named above. Where a data source is made by hand, give the code under test
                                QueryCounter.watch(dataSource) instead; where there is to be none, leave the assertion out.\
                            """.formatted(block));
            assertThat(textOf(() -> assertNoRemoteAccess(() -> {})))
                    .contains("why  the application has no data source");
            return text;
        }
    }

    /** Whether another test has counted such a load before must not matter, since tests run in any order. */
    @Test
    void loadsThatAnotherTestHasCountedProveNothing() {
        String name = "nothing watched: file";
        Callable<String> cached = cachedIn(name, new ConcurrentHashMap<>(Map.of("key", "value")));
        try (Scope another = open(new ConcurrentHashMap<>())) {
            Loads.counted(name, () -> "value");
            assertThat(another.journal().loads().count()).isEqualTo(1);
        }
        ConcurrentHashMap<String, String> cache = new ConcurrentHashMap<>();
        try (Scope test = open(cache)) {
            Loads.counted("nothing watched: another", () -> test.name());
            int block = here() + 1;
            assertThat(textOf(() -> assertCaching(loads(name).cold(0).warm(0), cached)))
                    .isEqualTo("""
                            No loads of "nothing watched: file" were counted in this test so far, so 0 in the block at (NothingWatchedTests.java:%d) proves nothing

                              counted so far  nothing watched: another

                              What to do: take one of the names above, if that is the load. Otherwise wrap it where the test wires the code under test:
                                Loads.counted("nothing watched: file", () -> files.find(site)). If it is wrapped, a cache
                                has answered from the start: make the caches cold, and let the test load once before.\
                            """.formatted(block));

            Loads.counted(name, () -> "value");
            assertCaching(loads(name).cold(0).warm(0), () -> cache.computeIfAbsent("key", key -> "value"));
        }
    }

    private static Callable<String> cachedIn(String load, ConcurrentHashMap<String, String> cache) {
        return () -> cache.computeIfAbsent("key", key -> Loads.counted(load, () -> "value"));
    }

    private static Scope open(ConcurrentHashMap<String, String> cache) {
        Settings settings = Settings.resolve(none -> Optional.empty());
        RunningTest test = RunningTest.claiming("id", "test", new Object(), Set.of("cache"), settings);
        test.registry(CacheRegistry.create().add("cache", () -> cache));
        return Scope.named("test").root().test(test).open();
    }

    @Test
    void loadsThatAreCountedInTheColdRunAreKnown() {
        ConcurrentHashMap<String, String> cache = new ConcurrentHashMap<>();
        try (Scope test = open(cache)) {
            assertThat(test.journal().loads().count()).isZero();
            assertCaching(loads().cold(1).warm(0), cachedIn("nothing watched: cold", cache));
        }
    }
}
