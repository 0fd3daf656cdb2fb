package dev.cacheproof.spring;

import static dev.cacheproof.query.CachingContract.loads;
import static dev.cacheproof.query.QueryAssertions.assertCaching;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.servers.RedisServer;
import dev.cacheproof.spring.prices.Prices;
import dev.cacheproof.spring.prices.PricesConfiguration;
import dev.cacheproof.spring.shop.Books;
import dev.cacheproof.spring.shop.Shop;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.cache.CacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

/** A Redis that the tests did not start, with keys of others that must survive. */
@Execution(ExecutionMode.SAME_THREAD)
@SuppressWarnings("NullAway") // what is missing fails the test
class ForeignRedisTests {

    /** Keys as the applications of others have them, of which one looks like a cache entry of ours. */
    private static final Set<String> OF_OTHERS = Set.of("foreign-tests:session:1", "prices::foreign-tests");

    private static RedisServer server;
    private static LettuceConnectionFactory connections;
    private static StringRedisTemplate others;

    @BeforeAll
    static void writeAsOthersDo() {
        server = RedisServer.resolve();
        connections = new LettuceConnectionFactory(
                server.uri().getHost(), server.uri().getPort());
        connections.afterPropertiesSet();
        others = new StringRedisTemplate(connections);
        OF_OTHERS.forEach(key -> others.opsForValue().set(key, "theirs"));
    }

    @AfterAll
    static void leaveNothing() {
        others.delete(OF_OTHERS);
        connections.destroy();
        server.close();
    }

    private static void assertOnlyOursAreGone() {
        OF_OTHERS.forEach(key -> assertThat(others.hasKey(key)).as(key).isTrue());
        assertThat(others.keys("cacheproof:spring-*")).isEmpty();
    }

    @Test
    void isolatesCachesThatSpringBootMakes() {
        InnerTests.run(BootTestCase.class).allPass(2);
        assertOnlyOursAreGone();
    }

    @SpringBootTest(classes = Shop.class)
    @CacheIsolation
    static class BootTestCase {
        @Autowired
        Books books;

        @Autowired
        StringRedisTemplate template;

        @DynamicPropertySource
        static void connect(DynamicPropertyRegistry properties) {
            properties.add(
                    "spring.data.redis.url",
                    () -> "redis://" + server.uri().getHost() + ":"
                            + server.uri().getPort());
            properties.add("spring.cache.redis.key-prefix", () -> "shop:");
        }

        @RepeatedTest(2)
        void isColdAndThenWarm() {
            assertThat(template.keys("cacheproof:spring-*")).isEmpty();
            books.fetchTitle(1);
            assertThat(CacheIsolationEngine.current().views().get("titles").keys())
                    .containsExactly("1");
            assertThat(template.keys("cacheproof:spring-*:shop:titles::1")).hasSize(1);
        }
    }

    @Configuration
    @Import(PricesConfiguration.class)
    static class Connected {
        @Bean
        LettuceConnectionFactory connections() {
            return new LettuceConnectionFactory(
                    server.uri().getHost(), server.uri().getPort());
        }
    }

    @Test
    void isolatesCachesWhoseConfigurationIsABean() {
        InnerTests.run(ConfigurationBeanTestCase.class).allPass(2);
        assertOnlyOursAreGone();
    }

    @Configuration
    @Import(Connected.class)
    static class OfABean {
        @Bean
        RedisCacheConfiguration configuration() {
            return RedisCacheConfiguration.defaultCacheConfig();
        }

        @Bean
        CacheManager cacheManager(RedisConnectionFactory connections, RedisCacheConfiguration configuration) {
            return RedisCacheManager.builder(connections)
                    .cacheDefaults(configuration)
                    .build();
        }
    }

    @SpringJUnitConfig(OfABean.class)
    @CacheIsolation
    static class ConfigurationBeanTestCase {
        @Autowired
        Prices prices;

        @RepeatedTest(2)
        void savesTheSecondLoad() {
            assertCaching(loads().cold(1).warm(0), () -> prices.fetch("tea"));
        }
    }

    @Test
    void refusesCachesThatHaveNoPrefixOfOurs() {
        others.opsForValue().set("prices::foreign-tests", "theirs");
        assertThat(InnerTests.run(HandMadeTestCase.class).onlyFailure())
                .hasMessageContaining("1 of 1 cache could not be made cold")
                .hasMessageContaining("prices  its keys are in Redis at "
                        + server.uri().getHost() + ":" + server.uri().getPort()
                        + ", which the tests did not start, and begin with \"prices::\"")
                .hasMessageContaining("@Fake FakeRedis redis;");
        assertOnlyOursAreGone();
    }

    @Configuration
    @Import(Connected.class)
    static class HandMade {
        @Bean
        CacheManager cacheManager(RedisConnectionFactory connections) {
            return RedisCacheManager.builder(connections)
                    .initialCacheNames(Set.of("prices"))
                    .build();
        }
    }

    @SpringJUnitConfig(HandMade.class)
    @CacheIsolation
    static class HandMadeTestCase {
        @Test
        void isNotReached() {}
    }
}
