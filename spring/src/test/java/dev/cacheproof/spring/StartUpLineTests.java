package dev.cacheproof.spring;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verifyNoInteractions;

import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.fake.redis.FakeRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.sql.DataSource;
import net.bytebuddy.ByteBuddy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.cache.CacheManager;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/** What is told of a context when it has started. One after another, since there is one level of the log. */
@Execution(ExecutionMode.SAME_THREAD)
class StartUpLineTests {

    private static SimpleDriverDataSource dataSource() {
        return new SimpleDriverDataSource(new org.h2.Driver(), "jdbc:h2:mem:");
    }

    /** Collects what this thread logs. */
    @SuppressWarnings("ReferenceEquality") // threads
    private static List<String> told(Runnable program) {
        List<String> told = new ArrayList<>();
        Thread self = Thread.currentThread();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                if (Thread.currentThread() == self && line.getLevel() == Level.INFO) {
                    told.add(line.getMessage());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("dev.cacheproof");
        // Spring Boot in another test may have silenced all loggers.
        Level before = logger.getLevel();
        logger.setLevel(Level.INFO);
        logger.addHandler(handler);
        try {
            program.run();
        } finally {
            logger.removeHandler(handler);
            logger.setLevel(before);
        }
        return told;
    }

    private static List<String> toldOf(Consumer<AnnotationConfigApplicationContext> preparation) {
        return told(() -> WatchedTestContext.of(preparation).close());
    }

    @Test
    void tellsWhatIsWatchedInOneLine() {
        try (FakeRedis redis = FakeRedis.start()) {
            List<String> told = told(() -> WatchedTestContext.of(
                            Map.of(new FakeDefinition(FakeRedis.class, "redis"), redis), context -> {
                                context.registerBean("dataSource", DataSource.class, StartUpLineTests::dataSource);
                                context.registerBean("reports", DataSource.class, StartUpLineTests::dataSource);
                                context.registerBean(
                                        "fixed",
                                        CacheManager.class,
                                        () -> new ConcurrentMapCacheManager("titles", "themes"));
                                context.registerBean(
                                        "growing", CacheManager.class, () -> new ConcurrentMapCacheManager());
                            })
                    .close());
            assertThat(told)
                    .containsExactly("watched in this context: data sources \"dataSource\", \"reports\";"
                            + " 2 caches of \"fixed\"; no cache yet of \"growing\";"
                            + " FakeRedis \"redis\" at port " + redis.port()
                            + ", which no RedisConnectionFactory here connects to");
        }
    }

    /** The context starts all the same. */
    @Test
    void tellsWhyTheCachesOfAManagerAreNotCounted() {
        assertThat(toldOf(context -> context.registerBean("broken", CacheManager.class, BrokenCacheManager::new)))
                .singleElement(as(STRING))
                .endsWith("; caches of \"broken\", which cannot be listed:"
                        + " java.lang.UnsupportedOperationException: not here");
    }

    @Test
    void asksNoMockForItsCaches() {
        CacheManager mock = mock(CacheManager.class);
        assertThat(toldOf(context -> context.registerBean("mock", CacheManager.class, () -> mock)))
                .singleElement(as(STRING))
                .doesNotContain("\"mock\"");
        verifyNoInteractions(mock);
    }

    @Test
    void tellsWhoConnectsToAnotherRedisThanTheFake() {
        try (FakeRedis redis = FakeRedis.start();
                FakeRedis second = FakeRedis.start()) {
            List<String> told = told(() -> WatchedTestContext.of(
                            Map.of(new FakeDefinition(FakeRedis.class, "redis"), redis), context -> {
                                context.getBeanFactory().registerSingleton("fakeSessions", second);
                                connect(context, "connections", redis.port());
                                connect(context, "sessions", second.port());
                                connect(context, "reports", 1);
                            })
                    .close());
            assertThat(told)
                    .singleElement(as(STRING))
                    .endsWith("; FakeRedis \"redis\" at port " + redis.port()
                            + ", but bean \"reports\" connects to Redis at 127.0.0.1:1");
        }
    }

    private static void connect(AnnotationConfigApplicationContext context, String bean, int port) {
        context.registerBean(
                bean, LettuceConnectionFactory.class, () -> new LettuceConnectionFactory("127.0.0.1", port));
    }

    @Test
    void tellsOnceForAParentAndItsChild() {
        List<String> told = told(() -> {
            try (WatchedTestContext parent = WatchedTestContext.of(
                    context -> context.registerBean("ofParent", DataSource.class, StartUpLineTests::dataSource))) {
                WatchedTestContext.of(context -> context.setParent(parent.context()))
                        .close();
            }
        });
        assertThat(told)
                .containsExactly(
                        "watched in this context: data source \"ofParent\"",
                        "watched in this context: no data source of its own");
    }

    @Test
    void tellsWhichDataSourceIsLeftAlone() {
        assertThat(toldOf(context -> {
                    context.registerBean("one", DataSource.class, StartUpLineTests::dataSource);
                    context.registerBean("two", org.h2.jdbcx.JdbcDataSource.class);
                }))
                .containsExactly("watched in this context: data source \"one\";"
                        + " not watched: DataSource bean \"two\" is made as a JdbcDataSource, which is final or has final"
                        + " methods: let the method that makes it return DataSource");
    }

    @Test
    void tellsTestsOfTheDataSourceThatIsLeftAlone() {
        try (WatchedTestContext context = WatchedTestContext.of(fresh -> {
            fresh.registerBean("one", DataSource.class, StartUpLineTests::dataSource);
            fresh.registerBean("leftAlone", org.h2.jdbcx.JdbcDataSource.class);
        })) {
            assertThat(context.context().isActive()).isTrue();
            assertThat(Recorder.whyNotWatched(Operation.Kind.QUERY))
                    .anyMatch(reason -> reason.startsWith("DataSource bean \"leftAlone\" is made as a JdbcDataSource"));
        }
    }

    @Test
    void tellsWhyNothingIsWatched() {
        assertThat(toldOf(context -> {}))
                .containsExactly(
                        "watched in this context: no data source, since a Spring context has no DataSource bean, as"
                                + " that of @WebMvcTest has none, and one that is made by hand is not seen");
        assertThat(toldOf(context -> context.registerBean(
                        "later",
                        DataSource.class,
                        StartUpLineTests::dataSource,
                        definition -> definition.setLazyInit(true))))
                .containsExactly("watched in this context: no data source, since DataSource bean \"later\" is lazy, and"
                        + " nothing has asked for it yet");
        assertThat(toldOf(context -> context.getBeanFactory().registerSingleton("mock", dataSource())))
                .containsExactly(
                        "watched in this context: no data source, since DataSource bean \"mock\" was registered"
                                + " ready-made, as mocks are, and is shown to no post-processor");
    }

    /** What a template writes there is not made cold. */
    @Test
    void saysOfWhichRedisTheCachesAloneAreItsOwn() {
        assertThat(toldOf(context -> context.registerBean(
                        "redis",
                        LettuceConnectionFactory.class,
                        () -> new LettuceConnectionFactory("redis.example", 7))))
                .singleElement()
                .asString()
                .endsWith("; of Redis at redis.example:7, which \"redis\" connects to, the caches alone");
    }

    @Test
    void tellsThatADatabaseOfR2dbcIsNotWatched() {
        Class<?> factory = new ByteBuddy()
                .makeInterface()
                .name("io.r2dbc.spi.ConnectionFactory")
                .make()
                .load(getClass().getClassLoader())
                .getLoaded();
        assertThat(toldOf(context -> {
                    context.setClassLoader(factory.getClassLoader());
                    context.getBeanFactory().registerSingleton("connectionFactory", mock(factory));
                }))
                .containsExactly(
                        "watched in this context: no data source, since a Spring context has no DataSource bean,"
                                + " but the R2DBC ConnectionFactory \"connectionFactory\": only JDBC is watched");
    }
}
