package dev.cacheproof.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.junit.Fake;
import dev.cacheproof.spring.prices.Prices;
import dev.cacheproof.spring.prices.PricesConfiguration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.cache.CacheManager;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.ContextHierarchy;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

/** Contexts that have a parent. What their tests use may be in any of them. */
@SuppressWarnings("NullAway") // what is missing fails the test
class HierarchyTests {

    /** What the sample tests saw. */
    private static final Set<Integer> PORTS = ConcurrentHashMap.newKeySet();

    @Configuration
    static class FirstChild {}

    @Configuration
    static class SecondChild {}

    @Test
    void allOfAHierarchyAreConnectedToOneFake() {
        InnerTests.run(FirstFakeTestCase.class, DirtyFakeTestCase.class, SecondFakeTestCase.class)
                .allPass(4);
        assertThat(PORTS).hasSize(1);
    }

    abstract static class FakeTestCase {
        void use(FakeRedis redis, StringRedisTemplate template, String url) {
            assertThat(redis.keys()).isEmpty();
            template.opsForValue().set("greeting", "hello");
            assertThat(redis.keys()).containsExactly("greeting");
            assertThat(url).isEqualTo(redis.uri());
            PORTS.add(redis.port());
        }
    }

    @SpringJUnitConfig
    @ContextHierarchy({
        @ContextConfiguration(classes = FakeConnectionTests.Connected.class),
        @ContextConfiguration(classes = FirstChild.class)
    })
    static class FirstFakeTestCase extends FakeTestCase {
        @Fake
        FakeRedis redis;

        @Test
        void isConnected(@Autowired StringRedisTemplate template, @Value("${spring.data.redis.url}") String url) {
            use(redis, template, url);
        }
    }

    @SpringJUnitConfig
    @ContextHierarchy({
        @ContextConfiguration(name = "parent", classes = FakeConnectionTests.Connected.class),
        @ContextConfiguration(name = "child", classes = SecondChild.class)
    })
    @DirtiesContext(
            classMode = DirtiesContext.ClassMode.AFTER_EACH_TEST_METHOD,
            hierarchyMode = DirtiesContext.HierarchyMode.CURRENT_LEVEL)
    static class DirtyFakeTestCase extends FakeTestCase {
        @Fake
        FakeRedis redis;

        @RepeatedTest(2)
        void isConnected(@Autowired StringRedisTemplate template, @Value("${spring.data.redis.url}") String url) {
            use(redis, template, url);
        }
    }

    @SpringJUnitConfig
    @ContextHierarchy({
        @ContextConfiguration(classes = FakeConnectionTests.Connected.class),
        @ContextConfiguration(classes = SecondChild.class)
    })
    static class SecondFakeTestCase extends FakeTestCase {
        @Fake
        FakeRedis redis;

        @Test
        void isConnected(@Autowired StringRedisTemplate template, @Value("${spring.data.redis.url}") String url) {
            use(redis, template, url);
        }
    }

    @Test
    void allThatUseOneParentLockIt() {
        SpringContexts contexts = new SpringContexts();
        assertThat(contexts.lockId(FirstTestCase.class))
                .isEqualTo(contexts.lockId(SecondTestCase.class))
                .isEqualTo(contexts.lockId(ParentTestCase.class));
        // What is watched in the one proves nothing for the other.
        assertThat(contexts.reach(FirstTestCase.class)).hasSize(2).isNotEqualTo(contexts.reach(SecondTestCase.class));
    }

    @Test
    void cachesOfTheParentAreCold() {
        InnerTests.run(FirstTestCase.class, SecondTestCase.class, ParentTestCase.class)
                .allPass(6);
    }

    @CacheIsolation
    abstract static class IsolatedTestCase {
        @Autowired
        Prices prices;

        @RepeatedTest(2)
        void startsCold() {
            assertThat(CacheIsolationEngine.current().views().values())
                    .allSatisfy(view -> assertThat(view.entries()).isZero());
            prices.fetch("tea");
            assertThat(CacheIsolationEngine.current().views().get("prices").keys())
                    .containsExactly("tea");
        }
    }

    @SpringJUnitConfig
    @ContextHierarchy({
        @ContextConfiguration(classes = PricesConfiguration.class),
        @ContextConfiguration(classes = FirstChild.class)
    })
    static class FirstTestCase extends IsolatedTestCase {}

    @SpringJUnitConfig
    @ContextHierarchy({
        @ContextConfiguration(classes = PricesConfiguration.class),
        @ContextConfiguration(classes = SecondChild.class)
    })
    static class SecondTestCase extends IsolatedTestCase {}

    @SpringJUnitConfig(PricesConfiguration.class)
    static class ParentTestCase extends IsolatedTestCase {}

    @Test
    void cachesOfOneNameAreToldApart() {
        InnerTests.run(OfOneNameTestCase.class, NarrowedTestCase.class).allPass(4);
    }

    @Configuration
    static class Caching {
        @Bean
        CacheManager cacheManager() {
            return new ConcurrentMapCacheManager();
        }
    }

    @SpringJUnitConfig
    @ContextHierarchy({
        @ContextConfiguration(classes = PricesConfiguration.class),
        @ContextConfiguration(classes = Caching.class)
    })
    abstract static class OfTwoManagersTestCase {
        @Autowired
        Prices ofTheParent;

        @Autowired
        CacheManager ofTheChild;
    }

    @CacheIsolation
    static class OfOneNameTestCase extends OfTwoManagersTestCase {
        @RepeatedTest(2)
        void bothAreCold() {
            ofTheParent.fetch("tea");
            assertThat(ofTheChild.getCache("prices").putIfAbsent("tea", 1)).isNull();
            assertThat(CacheIsolationEngine.current().views())
                    .hasEntrySatisfying(
                            "prices", view -> assertThat(view.keys()).containsExactly("tea"))
                    .hasEntrySatisfying(
                            "prices (parent context)",
                            view -> assertThat(view.keys()).containsExactly("tea"));
        }
    }

    @CacheIsolation(only = "prices")
    static class NarrowedTestCase extends OfTwoManagersTestCase {
        @RepeatedTest(2)
        void theNearestIsMeant() {
            assertThat(CacheIsolationEngine.current().ids()).containsExactly("prices");
            assertThat(ofTheChild.getCache("prices").putIfAbsent("tea", 1)).isNull();
        }
    }
}
