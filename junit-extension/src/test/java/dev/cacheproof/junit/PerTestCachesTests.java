package dev.cacheproof.junit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.CacheHandle;
import dev.cacheproof.CacheRegistrar;
import dev.cacheproof.CacheRegistry;
import dev.cacheproof.CacheView;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A cache of which each test has a part: tests meet in it at the same time, and none meets what another has written. */
class PerTestCachesTests {

    @Test
    void testsOfOneCacheRunAtTheSameTimeAndAreColdAllTheSame() {
        assertThat(FreshProcess.call(Meeting.class, Registrar.class))
                .containsExactly("locks []", "left behind {}", "left behind {}");
    }

    public static final class Registrar implements CacheRegistrar {
        @Override
        public void register(CacheRegistry caches) {
            caches.addPerTest("outlines", Parts::new);
        }
    }

    /** Runs without the launcher's listener, and with it. */
    public static final class Meeting implements Callable<List<String>> {
        @Override
        public List<String> call() throws Exception {
            var locks = new CacheLocks()
                    .provideForMethod(
                            List.of(), MeetingTestCase.class, MeetingTestCase.class.getDeclaredMethod("meets"));
            InnerSuite suite = InnerSuite.of(MeetingTestCase.class, DynamicTestCase.class, UnlockedTestCase.class)
                    .onThreads(4);
            suite.run().allPass(6);
            String first = "left behind " + Parts.ALL;
            suite.launch().allPass(6);
            return List.of(
                    "locks " + locks.stream().map(lock -> lock.getKey()).toList(), first, "left behind " + Parts.ALL);
        }
    }

    /** A part for each test, by its id. */
    static final class Parts implements CacheHandle {
        static final Map<String, Map<String, Integer>> ALL = new ConcurrentHashMap<>();

        private static String test() {
            return Scope.current().flatMap(Scope::test).map(RunningTest::id).orElseThrow();
        }

        static int load() {
            return ALL.computeIfAbsent(test(), absent -> new ConcurrentHashMap<>())
                    .merge("loads", 1, Integer::sum);
        }

        @Override
        public String kind() {
            return "parts";
        }

        @Override
        public String strategy() {
            return "remove";
        }

        @Override
        public void reset() {
            ALL.remove(test());
        }

        @Override
        public CacheView view() {
            return new CacheView(ALL.getOrDefault(test(), Map.of()).size(), List.of(), -1);
        }
    }

    @CacheIsolation
    static class MeetingTestCase {
        static final CyclicBarrier MEETING = new CyclicBarrier(2);

        /** Passes only if two are in it together. */
        @RepeatedTest(2)
        void meets() throws Exception {
            MEETING.await(60, SECONDS);
            assertThat(Parts.load()).isEqualTo(1);
            MEETING.await(60, SECONDS);
            assertThat(new Parts().view().entries()).isEqualTo(1);
            MEETING.await(60, SECONDS);
        }
    }

    @CacheIsolation
    static class DynamicTestCase {
        @TestFactory
        Stream<DynamicTest> dynamic() {
            return Stream.of("a", "b", "c")
                    .map(name -> DynamicTest.dynamicTest(
                            name, () -> assertThat(Parts.load()).isEqualTo(1)));
        }
    }

    /** Refuses no reset of the others, as it would that of a cache that it might be using. */
    static class UnlockedTestCase {
        @Test
        void usesNone() {}
    }
}
