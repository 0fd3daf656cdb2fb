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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.ContextHierarchy;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

class SpringContextsTests {

    private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();

    /** A lock that is taken during discovery under another name than the context has would keep nobody away. */
    @Test
    void whatIsLockedDuringDiscoveryIsTheContextThatIsStarted() {
        InnerTests.run(
                        PlainTestCase.class,
                        ProfileTestCase.class,
                        PropertyTestCase.class,
                        MockTestCase.class,
                        HierarchyTestCase.class,
                        BootTestCase.class,
                        BootAtAPortTestCase.class,
                        FakeTestCase.class)
                .allPass(9);
        assertThat(SEEN).as("contexts, of which two are in one hierarchy").hasSize(7);
    }

    abstract static class LockedTestCase {
        @Test
        void hasLockedItsContext(@Autowired ApplicationContext context, TestInfo test) {
            String lock = new SpringContexts().lockId(test.getTestClass().orElseThrow());
            assertThat(lock).isEqualTo(context.getBean(WatchedContext.class).lockId());
            SEEN.add(lock);
        }
    }

    @SpringJUnitConfig(PricesConfiguration.class)
    static class PlainTestCase extends LockedTestCase {
        @Nested
        class Inside extends LockedTestCase {}
    }

    @SpringJUnitConfig(PricesConfiguration.class)
    @ActiveProfiles("slow")
    static class ProfileTestCase extends LockedTestCase {}

    @SpringJUnitConfig(PricesConfiguration.class)
    @TestPropertySource(properties = "context = own")
    static class PropertyTestCase extends LockedTestCase {}

    @SpringJUnitConfig(PricesConfiguration.class)
    static class MockTestCase extends LockedTestCase {
        @MockitoBean
        Prices prices;
    }

    @SpringJUnitConfig
    @ContextHierarchy({
        @ContextConfiguration(classes = PricesConfiguration.class),
        @ContextConfiguration(classes = HierarchyTestCase.Child.class)
    })
    static class HierarchyTestCase extends LockedTestCase {
        @Configuration
        static class Child {}
    }

    @SpringBootTest(classes = PricesConfiguration.class)
    static class BootTestCase extends LockedTestCase {}

    @SpringBootTest(
            classes = PricesConfiguration.class,
            properties = "spring.main.web-application-type=none",
            args = "--port=none")
    static class BootAtAPortTestCase extends LockedTestCase {}

    @SpringJUnitConfig(PricesConfiguration.class)
    static class FakeTestCase extends LockedTestCase {
        @Fake
        FakeRedis redis;
    }

    private static final AtomicInteger INSIDE = new AtomicInteger();
    private static final AtomicInteger MOST_INSIDE = new AtomicInteger();

    @Test
    void testsOfOneContextRunOneAfterAnother() {
        InnerTests.runInParallel(FirstOfOneContextTestCase.class, SecondOfOneContextTestCase.class)
                .allPass(4);
        assertThat(MOST_INSIDE).hasValue(1);
    }

    @SpringJUnitConfig(PricesConfiguration.class)
    @TestPropertySource(properties = "context = one")
    @CacheIsolation
    abstract static class OfOneContextTestCase {
        @Test
        void first() {
            beInside();
        }

        @Test
        void second() {
            beInside();
        }

        @SuppressWarnings("ThreadPriorityCheck") // gives others the chance to be inside as well
        private static void beInside() {
            MOST_INSIDE.accumulateAndGet(INSIDE.incrementAndGet(), Math::max);
            for (int i = 0; i < 1_000; i++) {
                Thread.yield();
            }
            INSIDE.decrementAndGet();
        }
    }

    static class FirstOfOneContextTestCase extends OfOneContextTestCase {}

    static class SecondOfOneContextTestCase extends OfOneContextTestCase {}

    private static final CountDownLatch BOTH = new CountDownLatch(2);

    @Test
    void testsOfTwoContextsRunSideBySide() {
        InnerTests.runInParallel(LeftTestCase.class, RightTestCase.class).allPass(2);
    }

    abstract static class SideBySideTestCase {
        @Test
        void meetsTheOther() throws InterruptedException {
            BOTH.countDown();
            assertThat(BOTH.await(60, TimeUnit.SECONDS)).as("met the other").isTrue();
        }
    }

    @SpringJUnitConfig(PricesConfiguration.class)
    @TestPropertySource(properties = "context = left")
    @CacheIsolation
    static class LeftTestCase extends SideBySideTestCase {}

    @SpringJUnitConfig(PricesConfiguration.class)
    @TestPropertySource(properties = "context = right")
    @CacheIsolation
    static class RightTestCase extends SideBySideTestCase {}

    private static final CountDownLatch RUNS = new CountDownLatch(1);
    private static final CountDownLatch MAY_END = new CountDownLatch(1);

    @Test
    void aTestOfTheContextWithoutTheAnnotationIsToldTheLineToAdd() {
        assertThat(InnerTests.runInParallel(IsolatingTestCase.class, UnannotatedTestCase.class)
                        .onlyFailure())
                .hasMessageContaining("was about to be reset under a test that runs at the same time")
                .hasMessageContaining("UnannotatedTestCase > usesTheCache() runs, without the cache's lock")
                .hasMessageContaining("annotate UnannotatedTestCase > usesTheCache() with @CacheIsolation");
    }

    @SpringJUnitConfig(PricesConfiguration.class)
    @TestPropertySource(properties = "context = unannotated")
    @CacheIsolation(only = CacheIsolation.NONE)
    static class IsolatingTestCase {
        @Test
        void resets(@Autowired ApplicationContext context) throws InterruptedException {
            try {
                assertThat(RUNS.await(60, TimeUnit.SECONDS)).isTrue();
                context.getBean(Prices.class).fetch("tea");
                CacheIsolationEngine.of(context.getBean(WatchedContext.class).caches())
                        .reset();
            } finally {
                MAY_END.countDown();
            }
        }
    }

    @SpringJUnitConfig(PricesConfiguration.class)
    @TestPropertySource(properties = "context = unannotated")
    static class UnannotatedTestCase {
        @Test
        void usesTheCache() throws InterruptedException {
            RUNS.countDown();
            assertThat(MAY_END.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }
}
