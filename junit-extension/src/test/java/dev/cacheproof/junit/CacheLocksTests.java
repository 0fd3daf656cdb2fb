package dev.cacheproof.junit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.CacheRegistrar;
import dev.cacheproof.CacheRegistry;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

class CacheLocksTests {

    private static Set<String> locks(List<Class<?>> enclosing, Class<?> testClass) throws Exception {
        return Set.copyOf(new CacheLocks()
                .provideForMethod(enclosing, testClass, testClass.getDeclaredMethod("test")).stream()
                        .map(lock -> lock.getAccessMode() + " " + lock.getKey())
                        .toList());
    }

    @Test
    void locksTheCachesThatTestsShare() throws Exception {
        assertThat(locks(List.of(), PlainTestCase.class))
                .containsExactlyInAnyOrder(
                        "READ_WRITE dev.cacheproof.cache:one", "READ_WRITE dev.cacheproof.cache:PlainTestCase.two");
        assertThat(locks(List.of(), NarrowTestCase.class))
                .containsExactly("READ_WRITE dev.cacheproof.cache:NarrowTestCase.two");
        assertThat(locks(List.of(), UnlockedTestCase.class)).isEmpty();
    }

    @CacheIsolation
    static class PlainTestCase {
        @RegisterCache("one")
        static final Map<String, String> ONE = new ConcurrentHashMap<>();

        @RegisterCache
        static final Map<String, String> two = new ConcurrentHashMap<>();

        @RegisterCache
        final Map<String, String> own = new ConcurrentHashMap<>();

        void test() {}
    }

    @CacheIsolation(only = {"NarrowTestCase.two", "NarrowTestCase.two", "unknown"})
    static class NarrowTestCase extends PlainTestCase {
        @RegisterCache
        static final Map<String, String> two = new ConcurrentHashMap<>();

        @Override
        void test() {}
    }

    @Test
    void locksTheCacheOfAnInstanceThatIsKept() throws Exception {
        assertThat(locks(List.of(), KeptTestCase.class))
                .containsExactly("READ_WRITE dev.cacheproof.cache:KeptTestCase.own");
        assertThat(locks(List.of(AroundTestCase.class), AroundTestCase.Kept.class))
                .containsExactly("READ_WRITE dev.cacheproof.cache:AroundTestCase.own");
    }

    @CacheIsolation
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class KeptTestCase {
        @RegisterCache
        final Map<String, String> own = new ConcurrentHashMap<>();

        void test() {}
    }

    @CacheIsolation
    static class AroundTestCase {
        @RegisterCache
        final Map<String, String> own = new ConcurrentHashMap<>();

        @Nested
        @TestInstance(TestInstance.Lifecycle.PER_CLASS)
        class Kept {
            void test() {}
        }
    }

    @Test
    void initializesNoClassOfTheApplicationDuringDiscovery() {
        InnerSuite suite = InnerSuite.of(ApplicationTestCase.class);
        assertThat(suite.discover()).containsExactly("one()");
        assertThat(Initialized.CLASSES).doesNotContain("application");

        suite.launch().allPass(1);

        assertThat(Initialized.CLASSES).contains("application");
    }

    /** Stands beside the application, so that looking at it does not initialize that. */
    static final class Initialized {
        static final Queue<String> CLASSES = new ConcurrentLinkedQueue<>();

        private Initialized() {}
    }

    static final class Application {
        static final Map<String, String> CACHE = new ConcurrentHashMap<>();

        static {
            Initialized.CLASSES.add("application");
        }

        private Application() {}
    }

    @CacheIsolation
    static class ApplicationTestCase {
        @RegisterCache
        static final Map<String, String> MEMO = Application.CACHE;

        @Test
        void one() {
            assertThat(MEMO).isEmpty();
        }
    }

    @Test
    void aRegistrarInitializesNoClassOfTheApplicationDuringDiscovery() {
        assertThat(FreshProcess.call(Discovery.class, ApplicationCaches.class))
                .containsExactly(
                        "locks [dev.cacheproof.cache:application]", "initialized []", "one()", "[application]");
    }

    public static final class ApplicationCaches implements CacheRegistrar {
        @Override
        public void register(CacheRegistry caches) {
            caches.add("application", () -> Application.CACHE);
        }
    }

    public static final class Discovery implements Callable<List<String>> {
        @Override
        public List<String> call() throws Exception {
            InnerSuite suite = InnerSuite.of(RegisteredTestCase.class);
            List<String> tests = suite.discover();
            String initialized = "initialized " + Initialized.CLASSES;
            var locks = new CacheLocks()
                    .provideForMethod(
                            List.of(), RegisteredTestCase.class, RegisteredTestCase.class.getDeclaredMethod("one"));
            suite.launch().allPass(1);
            return List.of(
                    "locks " + locks.stream().map(lock -> lock.getKey()).toList(),
                    initialized,
                    String.join(", ", tests),
                    Initialized.CLASSES.toString());
        }
    }

    @CacheIsolation
    static class RegisteredTestCase {
        @Test
        void one() {}
    }

    @Test
    void testsOfDifferentCachesRunAtTheSameTime() {
        InnerSuite suite =
                InnerSuite.of(LeftTestCase.class, RightTestCase.class).onThreads(4);
        suite.run().allPass(4);
        suite.launch().allPass(4);
    }

    /** Two tests that pass only if they are in it together. */
    abstract static class MeetingTestCase {
        static final CyclicBarrier MEETING = new CyclicBarrier(2);

        @RegisterCache("left")
        static final Map<String, String> LEFT = new ConcurrentHashMap<>();

        @RegisterCache("right")
        static final Map<String, String> RIGHT = new ConcurrentHashMap<>();

        @Test
        void meetsTheOther() throws Exception {
            MEETING.await(60, SECONDS);
        }

        /** The annotation is on the subclasses, and no class around this one in the source. */
        @Nested
        class Inherited {
            @Test
            void meetsTheOther() throws Exception {
                MEETING.await(60, SECONDS);
            }
        }
    }

    @CacheIsolation(only = "left")
    static class LeftTestCase extends MeetingTestCase {}

    @CacheIsolation(only = "right")
    static class RightTestCase extends MeetingTestCase {}

    @Test
    void dynamicTestsOfOneCacheNeverOverlap() {
        InnerSuite.of(DynamicTestCase.class).onThreads(4).run().allPass(20);
        InnerSuite.of(DynamicTestCase.class).onThreads(4).launch().allPass(20);

        assertThat(DynamicTestCase.MOST_AT_ONCE).hasValue(1);
        InnerSuite.of(MeetingDynamicTestCase.class).onThreads(4).run().allPass(2);
    }

    /** The counter-proof: without isolation, JUnit runs dynamic tests at the same time. */
    static class MeetingDynamicTestCase {
        @TestFactory
        Stream<DynamicTest> dynamic() {
            CyclicBarrier meeting = new CyclicBarrier(2);
            return Stream.of("a", "b").map(name -> DynamicTest.dynamicTest(name, () -> meeting.await(60, SECONDS)));
        }
    }

    /** Its cache belongs to the instance that all its dynamic tests share. */
    @CacheIsolation
    static class DynamicTestCase {
        static final AtomicInteger AT_ONCE = new AtomicInteger();
        static final AtomicInteger MOST_AT_ONCE = new AtomicInteger();

        @RegisterCache
        final Map<String, Integer> memo = new ConcurrentHashMap<>();

        @TestFactory
        Stream<DynamicTest> dynamic() {
            return Stream.iterate(1, number -> number + 1)
                    .limit(20)
                    .map(number -> DynamicTest.dynamicTest("number " + number, this::load));
        }

        private void load() {
            MOST_AT_ONCE.accumulateAndGet(AT_ONCE.incrementAndGet(), Math::max);
            assertThat(memo.put("key", 1)).isNull();
            for (int i = 0; i < 50_000; i++) {
                Thread.onSpinWait();
            }
            assertThat(memo).containsKey("key");
            AT_ONCE.decrementAndGet();
        }
    }

    @Test
    void refusesToResetUnderATestWithoutTheLock() {
        Contested.begin();
        Outcome outcome = InnerSuite.of(UnlockedTestCase.class, LockingTestCase.class)
                .onThreads(2)
                .launch()
                .someFail(1, 2);

        assertThat(outcome.failureOf("resetsUnderTheOther()")).hasMessage("""
                Cache "contested" was about to be reset under a test that runs at the same time

                  reset by  LockingTestCase > resetsUnderTheOther()
                  while     UnlockedTestCase > usesTheCache() runs, without the cache's lock

                  What to do: annotate UnlockedTestCase > usesTheCache() with @CacheIsolation, so that the two wait for each other.
                    If the tests without it use no cache, say so once: cacheproof.undeclared = trusted""");
    }

    /** The trust is misplaced here, so it is the test without the lock that fails. */
    @Test
    void resetsUnderATestWithoutTheLockWhereSuchTestsAreTrusted() {
        Contested.begin();
        Outcome outcome = InnerSuite.of(UnlockedTestCase.class, LockingTestCase.class)
                .with("cacheproof.undeclared", "trusted")
                .onThreads(2)
                .launch()
                .someFail(1, 2);

        assertThat(outcome.failureOf("usesTheCache()")).hasMessageContaining("Expecting actual");
    }

    /** JUnit locks by annotation alone, so a test that a setting isolates has no lock, with or without the listener. */
    @Test
    void refusesToResetUnderATestThatASettingIsolates() {
        InnerSuite suite = InnerSuite.of(UnlockedTestCase.class, LockingTestCase.class)
                .with("cacheproof.isolation", "all")
                .with("junit.jupiter.extensions.autodetection.enabled", "true")
                .onThreads(2);
        // Isolated itself, the other test may meet this one, too, when it resets at its end.
        Contested.begin();
        assertThat(suite.run().failureOf("resetsUnderTheOther()")).hasMessageContaining("without the cache's lock");

        Contested.begin();
        assertThat(suite.launch().failureOf("resetsUnderTheOther()")).hasMessageContaining("without the cache's lock");
    }

    static final class Contested {
        static final Map<String, String> CACHE = new ConcurrentHashMap<>();
        static volatile CountDownLatch used = new CountDownLatch(1);
        static volatile CountDownLatch tried = new CountDownLatch(1);

        private Contested() {}

        static void begin() {
            used = new CountDownLatch(1);
            tried = new CountDownLatch(1);
        }
    }

    static class UnlockedTestCase {
        @Test
        void usesTheCache() throws Exception {
            Contested.CACHE.put("key", "value");
            Contested.used.countDown();
            assertThat(Contested.tried.await(60, SECONDS)).isTrue();
            assertThat(Contested.CACHE).containsKey("key");
        }

        void test() {}
    }

    static final class AwaitingUse implements BeforeAllCallback, AfterAllCallback {
        @Override
        public void beforeAll(ExtensionContext context) throws Exception {
            assertThat(Contested.used.await(60, SECONDS)).isTrue();
        }

        @Override
        public void afterAll(ExtensionContext context) {
            Contested.tried.countDown();
        }
    }

    @ExtendWith(AwaitingUse.class)
    @CacheIsolation
    static class LockingTestCase {
        @RegisterCache("contested")
        static final Map<String, String> CACHE = Contested.CACHE;

        @Test
        void resetsUnderTheOther() {}
    }

    @Test
    void refusesToResetUnderATestThatHasLockedTheCacheByAnotherId() {
        Outcome outcome = InnerSuite.of(FirstNameTestCase.class, SecondNameTestCase.class)
                .onThreads(2)
                .launch()
                .someFail(1, 2);

        assertThat(outcome.failureOf("resetsUnderTheOther()")).hasMessage("""
                Cache "second name" was about to be reset under a test that runs at the same time and knows it as "first name"

                  reset by  SecondNameTestCase > resetsUnderTheOther()
                  while     FirstNameTestCase > usesTheCache() runs

                  What to do: register the cache by one id in both, so that the two wait for each other: @RegisterCache("second name").""");
    }

    static final class TwiceNamed {
        static final Map<String, String> CACHE = new ConcurrentHashMap<>();
        static final CountDownLatch USED = new CountDownLatch(1);
        static final CountDownLatch TRIED = new CountDownLatch(1);

        private TwiceNamed() {}
    }

    @CacheIsolation
    static class FirstNameTestCase {
        @RegisterCache("first name")
        static final Map<String, String> CACHE = TwiceNamed.CACHE;

        @BeforeEach
        void loads() {
            CACHE.put("key", "value");
        }

        @Test
        void usesTheCache() throws Exception {
            TwiceNamed.USED.countDown();
            assertThat(TwiceNamed.TRIED.await(60, SECONDS)).isTrue();
            assertThat(CACHE).containsKey("key");
        }
    }

    static final class AwaitingFirstName implements BeforeAllCallback, AfterAllCallback {
        @Override
        public void beforeAll(ExtensionContext context) throws Exception {
            assertThat(TwiceNamed.USED.await(60, SECONDS)).isTrue();
        }

        @Override
        public void afterAll(ExtensionContext context) {
            TwiceNamed.TRIED.countDown();
        }
    }

    @ExtendWith(AwaitingFirstName.class)
    @CacheIsolation
    static class SecondNameTestCase {
        @RegisterCache("second name")
        static final Map<String, String> CACHE = TwiceNamed.CACHE;

        @Test
        void resetsUnderTheOther() {}
    }
}
