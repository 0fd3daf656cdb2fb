package dev.cacheproof.spring;

import static dev.cacheproof.query.CachingContract.loads;
import static dev.cacheproof.query.QueryAssertions.assertCaching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.verifyNoInteractions;

import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.Loads;
import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.spring.prices.Prices;
import dev.cacheproof.spring.prices.PricesConfiguration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.support.NoOpCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

@SuppressWarnings("NullAway") // what is missing fails the test
class ContextCachesTests {

    @Test
    void isolatesCachesThatAppearLater() {
        InnerTests.run(IsolatedTestCase.class).allPass(6);
    }

    @SpringJUnitConfig(PricesConfiguration.class)
    @CacheIsolation
    static class IsolatedTestCase {
        @Autowired
        Prices prices;

        @RepeatedTest(3)
        void startsCold() {
            assertThat(CacheIsolationEngine.current().views().values())
                    .allSatisfy(view -> assertThat(view.entries()).isZero());
            prices.fetch("tea");
            assertThat(CacheIsolationEngine.current().views().get("prices").keys())
                    .containsExactly("tea");
        }

        @Nested
        class Inside {
            @RepeatedTest(3)
            void savesTheSecondLoad() {
                assertCaching(loads().cold(1).warm(0), () -> prices.fetch("tea"));
            }
        }
    }

    @Test
    void narrowsToACacheThatIsNotThereYet() {
        InnerTests.run(NarrowedTestCase.class).allPass(1);
    }

    @SpringJUnitConfig(PricesConfiguration.class)
    @TestPropertySource(properties = "context = narrowed")
    @CacheIsolation(only = "prices")
    static class NarrowedTestCase {
        @Test
        void knowsIt() {
            assertThat(CacheIsolationEngine.current().ids()).containsExactly("prices");
        }
    }

    /** The manager would make a cache of that name. */
    @Test
    void takesNoTypoForACacheThatIsNotThereYet() {
        assertThat(InnerTests.run(MistypedTestCase.class).onlyFailure())
                .hasMessage("@CacheIsolation(only = ...) names [pirces], but no cache is registered under that id."
                        + " Registered: [prices]. Name one of these, or register the cache: @RegisterCache on a field, or a"
                        + " CacheRegistrar.");
    }

    @SpringJUnitConfig(PricesConfiguration.class)
    @TestPropertySource(properties = "context = mistyped")
    @CacheIsolation(only = "pirces")
    static class MistypedTestCase {
        @Test
        void doesNotRun() {
            throw new AssertionError("it ran");
        }
    }

    @Test
    void knowsTheCachesOfATestWithoutTheAnnotation() {
        InnerTests.run(PlainTestCase.class).allPass(2);
    }

    @SpringJUnitConfig(PricesConfiguration.class)
    @TestPropertySource(properties = "context = plain")
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class PlainTestCase {
        @Autowired
        Prices prices;

        @Autowired
        CacheManager manager;

        @Test
        @Order(1)
        void savesTheSecondLoad() {
            prices.fetch("tea");
            assertCaching(loads().cold(1).warm(0), () -> prices.fetch("tea"));
        }

        @Test
        @Order(2)
        void isMadeColdOnDemandAlone() {
            assertThat(manager.getCache("prices").get("tea")).isNotNull();
            CacheIsolationEngine.resetAll();
            assertThat(manager.getCache("prices").get("tea")).isNull();
        }
    }

    @Test
    void saysThatACacheStoresNothing() {
        assertThat(InnerTests.run(NoOpTestCase.class).onlyFailure())
                .hasMessageContaining("no registered cache has kept anything, or was seen to be read")
                .hasMessageContaining("caching is switched off here: prices is a NoOpCache, which keeps nothing.")
                .message()
                .doesNotContain("passed by");
    }

    @Configuration
    @Import(PricesConfiguration.class)
    static class NoOp {
        @Bean
        CacheManager cacheManager() {
            return new NoOpCacheManager();
        }
    }

    @SpringJUnitConfig(NoOp.class)
    @CacheIsolation
    static class NoOpTestCase {
        @Autowired
        Prices prices;

        @Test
        void savesTheSecondLoad() {
            assertCaching(loads().cold(1).warm(0), () -> prices.fetch("tea"));
        }
    }

    @Test
    void saysThatNothingObeysTheAnnotations() {
        assertThat(InnerTests.run(UncachedTestCase.class).onlyFailure())
                .hasMessageContaining("no registered cache has kept anything, or was seen to be read")
                .hasMessageContaining(
                        "why           a Spring context lacks @EnableCaching, so @Cacheable does nothing in it");
    }

    @Configuration
    static class Uncached {
        @Bean
        CacheManager cacheManager() {
            return new ConcurrentMapCacheManager("prices");
        }

        @Bean
        Prices prices() {
            return new Prices();
        }
    }

    @SpringJUnitConfig(Uncached.class)
    @CacheIsolation
    static class UncachedTestCase {
        @Autowired
        Prices prices;

        @Test
        void savesNothing() {
            assertCaching(loads().cold(1).warm(0), () -> prices.fetch("tea"));
        }
    }

    @Test
    void findsThatABeanHasCalledItself() {
        assertThat(InnerTests.run(CallingItselfTestCase.class)
                        .onlyFailure()
                        .getMessage()
                        .replaceAll(":\\d+", ""))
                .contains("""
                          cache prices  no new entry; it does not count its reads
                          passed by     ContextCachesTests.Stock.fetch is @Cacheable, and ran without a cache being asked

                          What to do: Spring asks a cache where a bean is called from outside. This method was called by its own bean, or on an
                            object that is no bean.\
                        """);
    }

    /** Calls itself, and so passes by what Spring has put around it. */
    static class Stock {
        int fetchAll(List<String> articles) {
            return articles.stream().mapToInt(this::fetch).sum();
        }

        @Cacheable("prices")
        public int fetch(String article) {
            return Loads.counted("stock", article::length);
        }
    }

    /** Spring asks the cache, and keeps nothing of the answer. */
    static class Forgetful {
        @Cacheable(cacheNames = "prices", unless = "#result == null")
        public @Nullable String fetch(String article) {
            return Loads.counted("nothing", () -> null);
        }
    }

    @Test
    void doesNotTakeAnAnswerThatIsNotKeptForACallThatPassedTheCache() {
        assertThat(InnerTests.run(ForgetfulTestCase.class).onlyFailure())
                .message()
                .contains("warm cost 1, expected 0 loads")
                .doesNotContain("passed by", "its own bean");
    }

    @SpringJUnitConfig({PricesConfiguration.class, Forgetful.class})
    @CacheIsolation(only = "prices")
    static class ForgetfulTestCase {
        @Autowired
        Forgetful forgetful;

        @Test
        void isLoadedOnce() {
            assertCaching(loads().cold(1).warm(0), () -> forgetful.fetch("tea"));
        }
    }

    /** The cache that works must not hide the one that is passed by. */
    @Test
    void findsACallThatPassedTheCacheBesideOneThatDidNot() {
        assertThat(InnerTests.run(HalfCachedTestCase.class).onlyFailure())
                .message()
                .contains(
                        "warm cost 1, expected 0 loads", "passed by     ContextCachesTests.Stock.fetch is @Cacheable");
    }

    @SpringJUnitConfig({PricesConfiguration.class, Stock.class})
    @CacheIsolation(only = "prices")
    static class HalfCachedTestCase {
        @Autowired
        Stock stock;

        @Test
        void isLoadedOnce() {
            assertCaching(loads().cold(2).warm(0), () -> stock.fetch("coffee") + stock.fetchAll(List.of("tea")));
        }
    }

    @SpringJUnitConfig({PricesConfiguration.class, Stock.class})
    @CacheIsolation(only = "prices")
    static class CallingItselfTestCase {
        @Autowired
        Stock stock;

        @Test
        void isLoadedOnce() {
            assertCaching(loads().cold(1).warm(0), () -> stock.fetchAll(List.of("tea")));
        }
    }

    @Test
    void failsNoTestWithoutTheAnnotationWhoseCachesCannotBeListed() {
        InnerTests.run(UnlistedTestCase.class).allPass(1);
        assertThat(InnerTests.run(UnlistedIsolatedTestCase.class).onlyFailure())
                .hasMessageStartingWith("1 of 1 cache could not be made cold")
                .hasMessageContaining("the cache manager \"cacheManager\" cannot list its caches:"
                        + " java.lang.UnsupportedOperationException: not here");
    }

    @Configuration
    static class Unlisted {
        @Bean
        CacheManager cacheManager() {
            return new BrokenCacheManager();
        }
    }

    @SpringJUnitConfig(Unlisted.class)
    static class UnlistedTestCase {
        @Test
        void isNotConcerned() {}
    }

    @SpringJUnitConfig(Unlisted.class)
    @CacheIsolation
    static class UnlistedIsolatedTestCase {
        @Test
        void isNotReached() {}
    }

    @Test
    void asksNothingOfAMock() {
        InnerTests.run(MockTestCase.class).allPass(1);
    }

    @SpringJUnitConfig(PricesConfiguration.class)
    static class MockTestCase {
        @MockitoBean
        CacheManager manager;

        @Test
        void nobodyAskedIt() {
            verifyNoInteractions(manager);
        }
    }

    @Test
    void failsWhereNoCacheCanAppear() {
        assertThat(InnerTests.run(WithoutCachesTestCase.class).onlyFailure()).hasMessageStartingWith("""
                        @CacheIsolation on WithoutCachesTestCase finds no cache to isolate

                          why  a Spring context has no cache manager: @EnableCaching is missing; or it is a slice, such as @DataJpaTest,
                               which has none, and whose tests need no @CacheIsolation

                          What to do: change what is named above, or leave @CacheIsolation out. For a cache that is no bean,
                            register one: on a field of the test class,""");
    }

    @SpringJUnitConfig(WithoutCachesTestCase.Nothing.class)
    @CacheIsolation
    static class WithoutCachesTestCase {
        @Configuration
        static class Nothing {}

        @Test
        void isNotReached() {}
    }
}
