package dev.cacheproof.spring;

import static dev.cacheproof.query.QueryAssertions.assertCacheRoundTrips;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.CacheHandle;
import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.Deadline;
import dev.cacheproof.Operation;
import dev.cacheproof.Scope;
import dev.cacheproof.fake.Fault;
import dev.cacheproof.fake.Injection;
import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.junit.Fake;
import io.lettuce.core.event.command.CommandStartedEvent;
import io.lettuce.core.event.command.CommandSucceededEvent;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.cache.Cache;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.cache.BatchStrategies;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.cache.RedisCacheWriter;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;
import org.springframework.util.ClassUtils;

/** From Spring Data Redis 4 on, a cache over Lettuce returns before its writes are applied. */
@SpringJUnitConfig(AsyncWritesTests.Cached.class)
@SuppressWarnings("NullAway") // what is missing fails the test
class AsyncWritesTests {

    /** Before Spring Data Redis 4 each write is waited for, and one that is not answered would block. */
    private static final boolean IMMEDIATE =
            !ClassUtils.hasMethod(RedisCacheWriter.class, "evictIfPresent", String.class, byte[].class);

    @Configuration
    static class Cached {
        @Bean
        LettuceConnectionFactory connections(@Value("${spring.data.redis.url}") String url) {
            return new LettuceConnectionFactory(
                    (RedisStandaloneConfiguration) LettuceConnectionFactory.createRedisConfiguration(url));
        }

        @Bean
        RedisCacheManager cacheManager(RedisConnectionFactory connections) {
            return RedisCacheManager.builder(
                            RedisCacheWriter.nonLockingRedisCacheWriter(connections, BatchStrategies.scan(1)))
                    .cacheDefaults(RedisCacheConfiguration.defaultCacheConfig())
                    .build();
        }
    }

    @Fake
    FakeRedis redis;

    @Autowired
    RedisCacheManager manager;

    @Autowired
    ApplicationContext context;

    @Test
    void aBlockHasEndedWhenItsWritesHave() {
        Cache titles = manager.getCache("titles");
        redis.faults().inject(Fault.delay(Duration.ofMillis(100)).on("SET"));
        assertCacheRoundTrips(1, () -> titles.put(1, "Emma"));
        assertThat(redis.keys()).containsExactly("titles::1");
    }

    @Test
    void aRestartLeavesTheCachesOfTheFakeWarm() {
        manager.getCache("titles");
        CacheIsolationEngine engine =
                CacheIsolationEngine.of(context.getBean(WatchedContext.class).caches());
        assertThat(engine.where(CacheHandle::outlivesProcess).ids()).contains("titles");
    }

    @Test
    void aTestEndsWhenItsWritesHave() {
        InnerTests.run(LateWriteTestCase.class).allPass(2);
    }

    @SpringJUnitConfig(Cached.class)
    @CacheIsolation
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class LateWriteTestCase {
        @Fake
        FakeRedis redis;

        @Autowired
        RedisCacheManager manager;

        @Test
        @Order(1)
        void endsBeforeItsWriteIsApplied() {
            redis.faults().inject(Fault.delay(Duration.ofMillis(100)).on("SET"));
            manager.getCache("titles").put(1, "Emma");
        }

        /** Sees what came late, because the server answers in order. */
        @Test
        @Order(2)
        void startsCold() {
            manager.getCache("titles").put(2, "Persuasion");
            manager.getCache("titles").get(2);
            assertThat(redis.keys()).containsExactly("titles::2");
        }
    }

    /** A client that lost its server keeps what it could not send, and sends it when it is back. */
    @Test
    void aWriteThatWasNeverSentIsNotSentInAnotherTest() {
        InnerTests.run(UnsentWriteTestCase.class).allPass(2);
    }

    @SpringJUnitConfig(Cached.class)
    @CacheIsolation
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class UnsentWriteTestCase {
        @Fake
        FakeRedis redis;

        @Autowired
        RedisCacheManager manager;

        @Test
        @Order(1)
        void losesTheServer() {
            Cache titles = manager.getCache("titles");
            titles.put(1, "Emma");
            titles.get(1);
            redis.faults().inject(Fault.silence().on("SET"));
            if (!IMMEDIATE) {
                titles.put(1, "Emma again");
            }
        }

        @Test
        @Order(2)
        void startsCold() {
            assertThat(manager.getCache("titles").get(1)).isNull();
            assertThat(redis.keys()).isEmpty();
        }
    }

    @Test
    void tellsThatAConnectionIsReset() throws InterruptedException {
        Injection silence = redis.faults().inject(Fault.silence().on("SET"));
        ByteBuffer bytes = StandardCharsets.UTF_8.encode("a");
        context.getBean(ReactiveRedisConnectionFactory.class)
                .getReactiveConnection()
                .stringCommands()
                .set(bytes, bytes)
                .subscribe(done -> {}, dropped -> {});
        Deadline.after(Duration.ofSeconds(60)).await(() -> silence.hits() > 0, () -> "no SET");

        context.getBean(WatchedContext.class).settle();

        assertThat(Scope.current().orElseThrow().root().reports())
                .containsEntry(
                        "cacheproof.reset",
                        "the shared connection of LettuceConnectionFactory \"connections\" is reset, with all that is"
                                + " under way on it: Redis has not answered SET within 2 seconds, and Lettuce may send"
                                + " it again, in another test");
    }

    /** A listener asks for what others write, and asks again, as long as its application lives. */
    @ParameterizedTest
    @EnumSource(names = {"BLPOP", "BRPOP", "BLMOVE", "BZPOPMIN", "WAIT", "SUBSCRIBE", "XREAD", "XREADGROUP"})
    void aCommandThatWaitsForOthersIsNoWrite(CommandType type) {
        CommandsUnderWay commands = new CommandsUnderWay();
        commands.commandStarted(started(type));
        assertThat(commands.areAllDone()).isTrue();

        CommandStartedEvent write = started(CommandType.SET);
        commands.commandStarted(write);
        assertThat(commands).hasToString("SET");
        assertThat(commands.areAllDone()).isFalse();
        commands.commandSucceeded(new CommandSucceededEvent(write.getCommand(), write.getContext(), 0, 0));
        assertThat(commands.areAllDone()).isTrue();
    }

    private static CommandStartedEvent started(CommandType type) {
        return new CommandStartedEvent(new Command<>(type, null), 0);
    }

    /** A clear is a chain of commands: each page of keys, and what deletes them. */
    @Test
    void aBlockHasEndedWhenAllThatFollowsFromItHas() {
        Cache titles = manager.getCache("titles");
        for (int i = 0; i < 5; i++) {
            redis.put("titles::" + i, "");
        }
        redis.faults().inject(Fault.delay(Duration.ofMillis(20)).on("SCAN", "UNLINK", "DEL"));
        try (Scope scope = Scope.open("clear")) {
            titles.clear();
            assertThat(scope.unfinished(Operation.Kind.COMMAND)).isEmpty();
        }
        assertThat(redis.keys()).isEmpty();
    }
}
