package dev.cacheproof.junit;

import static dev.cacheproof.query.CachingContract.loads;
import static dev.cacheproof.query.QueryAssertions.assertCaching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.Journal;
import dev.cacheproof.Loads;
import dev.cacheproof.Operation;
import dev.cacheproof.Scope;
import dev.cacheproof.fake.Condition;
import dev.cacheproof.fake.Fault;
import dev.cacheproof.fake.redis.FakeRedis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstanceFactory;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** The life of fakes in fields. */
@SuppressWarnings("NullAway.Init")
class FakeTests {

    static Jedis connect(FakeRedis redis) {
        return new Jedis(redis.host(), redis.port());
    }

    static Journal commands(String name) {
        return Scope.current().orElseThrow().root().journal().commands().of(name::equals);
    }

    static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void eachTestHasItsOwnInAnInstanceField(int threads) {
        OwnTestCase.PORTS.clear();
        InnerSuite suite = InnerSuite.of(OwnTestCase.class);
        (threads == 1 ? suite : suite.onThreads(threads)).launch().allPass(6);
        assertThat(OwnTestCase.PORTS)
                .allSatisfy(port -> assertThat(listens(port))
                        .as("a fake listens after its test")
                        .isFalse());
    }

    static class OwnTestCase {
        static final Set<Integer> PORTS = ConcurrentHashMap.newKeySet();

        @Fake
        private FakeRedis redis;

        FakeRedis inBeforeEach;

        @BeforeEach
        void isThere() {
            inBeforeEach = redis;
            redis.put("fixture", "stays");
        }

        @RepeatedTest(5)
        void isNew() {
            PORTS.add(redis.port());
            assertThat(redis).isSameAs(inBeforeEach);
            assertThat(redis.keys()).containsExactly("fixture");
            try (Jedis jedis = connect(redis)) {
                jedis.set("user", "Ada");
                assertThat(jedis.get("fixture")).isEqualTo("stays");
            }
            redis.faults().begin(Condition.DOWN);
            assertThat(commands("redis").operations())
                    .extracting(Operation::text)
                    .containsExactly("SET user", "GET fixture");
        }

        @Nested
        class InnerTestCase {
            @Test
            void belongsToTheTestAroundToo() {
                assertThat(redis.keys()).containsExactly("fixture");
            }
        }

        @AfterEach
        void isStillThere() {
            assertThat(redis.keys()).contains("fixture");
        }
    }

    @Test
    void testsOfAClassShareTheOneInAStaticField() {
        InnerSuite.of(SharedTestCase.class).launch().allPass(3);
        assertThat(SharedTestCase.redis).as("the field after the class").isNull();
        assertThat(listens(SharedTestCase.port)).isFalse();
    }

    /** Also where a class within it has used it: a suite of a thousand classes must not hold a thousand ports. */
    @Test
    void theOneInAStaticFieldEndsWithTheLastClassThatHasIt() {
        InnerSuite.of(SharedTestCase.class, ThereafterTestCase.class)
                .with("junit.jupiter.testclass.order.default", "org.junit.jupiter.api.ClassOrderer$ClassName")
                .launch()
                .allPass(4);
    }

    static class ThereafterTestCase {
        @Test
        void nobodyListensAnyMore() {
            assertThat(SharedTestCase.port).isPositive();
            assertThat(listens(SharedTestCase.port)).isFalse();
        }
    }

    @TestMethodOrder(MethodOrderer.MethodName.class)
    static class SharedTestCase {
        @Fake
        static FakeRedis redis;

        static int port;

        @BeforeAll
        static void isThere() {
            port = redis.port();
        }

        @Test
        void aLeavesEverythingBehind() {
            redis.put("left", "behind");
            redis.faults().inject(Fault.falseMiss());
            redis.clock().freeze();
            try (Jedis jedis = connect(redis)) {
                jedis.configSet("maxmemory", "1mb");
            }
            assertThat(commands("SharedTestCase.redis").count()).isEqualTo(1);
        }

        @Test
        void bFindsItLikeNewAtTheSamePort() throws InterruptedException {
            assertThat(redis.port()).isEqualTo(port);
            assertThat(redis.keys()).isEmpty();
            redis.put("key", "value");
            try (Jedis jedis = connect(redis)) {
                assertThat(jedis.get("key")).isEqualTo("value");
                assertThat(jedis.configGet("maxmemory")).containsEntry("maxmemory", "0");
            }
            redis.clock().await(Duration.ofNanos(1));
            assertThat(commands("SharedTestCase.redis").count()).isEqualTo(2);
        }

        @Nested
        class InnerTestCase {
            @Test
            void hasTheSame() {
                assertThat(redis.port()).isEqualTo(port);
            }
        }

        @AfterAll
        static void isStillThere() {
            assertThat(listens(redis.port())).isTrue();
        }
    }

    @Test
    void anInstanceThatIsKeptKeepsItsFake() {
        InnerSuite.of(KeptTestCase.class).launch().allPass(2);
        assertThat(KeptTestCase.PORTS.stream().distinct()).hasSize(1);
    }

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class KeptTestCase {
        static final List<Integer> PORTS = new CopyOnWriteArrayList<>();

        @Fake("kept")
        FakeRedis redis;

        @BeforeAll
        void isThere() {
            PORTS.add(redis.port());
        }

        @RepeatedTest(2)
        void isLikeNew() {
            PORTS.add(redis.port());
            assertThat(redis.keys()).isEmpty();
            redis.put("left", "behind");
        }
    }

    /** The default of the run is no annotation, and a test that gets the instance of another may find its fake in it. */
    @Test
    void anInstanceThatIsKeptByDefaultKeepsItsFake() {
        KeptByDefaultTestCase.PORTS.clear();
        InnerSuite suite = InnerSuite.of(KeptByDefaultTestCase.class)
                .with("junit.jupiter.testinstance.lifecycle.default", "per_class");

        suite.launch().allPass(4);

        assertThat(KeptByDefaultTestCase.PORTS.stream().distinct()).hasSize(1);
        assertThat(listens(KeptByDefaultTestCase.PORTS.get(0))).isFalse();
        suite.with("cacheproof.mode", "off").launch().allPass(4);
    }

    static class KeptByDefaultTestCase {
        static final List<Integer> PORTS = new CopyOnWriteArrayList<>();

        @Fake
        FakeRedis redis;

        @BeforeAll
        void isThere() {
            PORTS.add(redis.port());
        }

        @RepeatedTest(2)
        void isLikeNew() {
            PORTS.add(redis.port());
            assertThat(redis.keys()).isEmpty();
            redis.put("left", "behind");
        }

        @Nested
        class InnerTestCase {
            @Test
            void hasTheSame() {
                PORTS.add(redis.port());
            }
        }

        @Nested
        @TestInstance(TestInstance.Lifecycle.PER_METHOD)
        class NotKeptTestCase {
            @Test
            void hasTheSame() {
                PORTS.add(redis.port());
            }
        }
    }

    /** So that nothing depends on how instances are made: a factory may give the same to each test. */
    @Test
    void aTestFindsNoFakeOfTheTestBeforeInAnInstanceThatBothGet() {
        InnerSuite.of(OneInstanceTestCase.class).launch().allPass(2);
        assertThat(Objects.requireNonNull(OneInstanceTestCase.instance).redis).isNull();
    }

    @ExtendWith(OneInstanceTestCase.Factory.class)
    static class OneInstanceTestCase {
        static @Nullable OneInstanceTestCase instance;

        static final class Factory implements TestInstanceFactory {
            @Override
            public Object createTestInstance(TestInstanceFactoryContext factory, ExtensionContext context) {
                OneInstanceTestCase only = instance;
                if (only == null) {
                    only = new OneInstanceTestCase();
                    instance = only;
                }
                return only;
            }
        }

        @Fake
        FakeRedis redis;

        @RepeatedTest(2)
        void isNew() {
            assertThat(redis.keys()).isEmpty();
            redis.put("left", "behind");
        }
    }

    @Test
    void aNestedClassThatIsKeptKeepsTheFakeOfTheInstanceAround() {
        InnerSuite.of(AroundKeptTestCase.class).launch().allPass(4);
    }

    static class AroundKeptTestCase {
        @Fake
        FakeRedis redis;

        @Test
        void isNew() {
            assertThat(redis.keys()).isEmpty();
        }

        @Nested
        @TestInstance(TestInstance.Lifecycle.PER_CLASS)
        class InnerTestCase {
            int port;

            @BeforeAll
            void isThere() {
                port = redis.port();
            }

            @RepeatedTest(2)
            void isLikeNew() {
                assertThat(redis.port()).isEqualTo(port);
                assertThat(redis.keys()).isEmpty();
                redis.put("left", "behind");
            }

            @Nested
            class InnermostTestCase {
                @Test
                void hasTheSame() {
                    assertThat(redis.port()).isEqualTo(port);
                    assertThat(redis.keys()).isEmpty();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void classesThatInheritAStaticFieldShareItForTheWholeRun(int threads) {
        FamilyTestCase.PORTS.clear();
        InnerSuite suite = InnerSuite.of(FirstChildTestCase.class, SecondChildTestCase.class);
        (threads == 1 ? suite : suite.onThreads(threads)).launch().allPass(6);
        assertThat(FamilyTestCase.PORTS).hasSize(1).noneMatch(FakeTests::listens);
        assertThat(FamilyTestCase.redis).isNull();
    }

    @CacheIsolation
    abstract static class FamilyTestCase {
        static final Set<Integer> PORTS = ConcurrentHashMap.newKeySet();

        @Fake
        static FakeRedis redis;

        @RepeatedTest(3)
        void isAloneWithTheFake() {
            PORTS.add(redis.port());
            assertThat(redis.keys()).isEmpty();
            redis.faults().begin(Condition.SLOW);
            redis.clock().advance(Duration.ofSeconds(1));
            redis.put("left", "behind");
            assertThat(redis.size()).isEqualTo(1);
        }
    }

    static class FirstChildTestCase extends FamilyTestCase {}

    static class SecondChildTestCase extends FamilyTestCase {}

    @Test
    void isACacheOfTheTest() {
        InnerSuite.of(ContractTestCase.class).launch().allPass(2);
    }

    static class ContractTestCase {
        @Fake
        FakeRedis redis;

        String fetch() {
            try (Jedis jedis = connect(redis)) {
                String cached = jedis.get("user");
                if (cached == null) {
                    cached = Loads.counted("users", () -> "Ada");
                    jedis.set("user", cached);
                }
                return cached;
            }
        }

        @Test
        void isMadeColdAndMet() {
            redis.put("user", "Bob");
            assertThat(assertCaching(loads("users").cold(1).warm(0), this::fetch))
                    .isEqualTo("Ada");
        }

        @Test
        void keepsItsFaultsWhenItIsMadeCold() {
            redis.faults().begin(Condition.LOST_WRITES);
            assertThatThrownBy(() -> assertCaching(loads("users").cold(1).warm(0), this::fetch))
                    .hasMessageContaining("warm cost 1, expected 0");
        }
    }

    /** They have one fake, and nothing that JUnit locks keeps them on one thread. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void eachDynamicTestHasItsCommands(int threads) {
        DynamicTestCase.MOST_AT_ONCE.set(0);
        InnerSuite suite = InnerSuite.of(DynamicTestCase.class);
        (threads == 1 ? suite : suite.onThreads(threads)).launch().allPass(40);
        assertThat(DynamicTestCase.MOST_AT_ONCE).hasValue(1);
    }

    static class DynamicTestCase {
        static final AtomicInteger AT_ONCE = new AtomicInteger();
        static final AtomicInteger MOST_AT_ONCE = new AtomicInteger();

        @Fake
        FakeRedis redis;

        @TestFactory
        Stream<DynamicTest> each() {
            return IntStream.range(0, 40)
                    .mapToObj(String::valueOf)
                    .map(name -> DynamicTest.dynamicTest(name, () -> isAlone(name)));
        }

        private void isAlone(String name) {
            MOST_AT_ONCE.accumulateAndGet(AT_ONCE.incrementAndGet(), Math::max);
            assertThat(redis.keys()).isEmpty();
            try (Jedis jedis = connect(redis)) {
                jedis.set(name, "value");
            }
            assertThat(commands("redis").operations())
                    .extracting(Operation::text)
                    .containsExactly("SET " + name);
            AT_ONCE.decrementAndGet();
        }
    }

    /** A test without its fake could not run at all. */
    @ParameterizedTest
    @ValueSource(strings = {"enforce", "report", "off"})
    void startsInEveryMode(String mode) {
        InnerSuite.of(AnyModeTestCase.class)
                .with("cacheproof.mode", mode)
                .launch()
                .allPass(2);
    }

    static class AnyModeTestCase {
        @Fake
        FakeRedis own;

        @Fake
        static FakeRedis shared;

        @RepeatedTest(2)
        void bothAreLikeNew() {
            assertThat(own.keys()).isEmpty();
            assertThat(shared.keys()).isEmpty();
            own.put("key", "value");
            shared.put("key", "value");
        }
    }

    @Test
    void refusesAFieldThatIsFinal() {
        assertThat(InnerSuite.of(FinalTestCase.class).launch().onlyFailure())
                .hasMessage("@Fake on field FinalTestCase.redis, which is final: it must be a field that can be given a"
                        + " fake.");
    }

    static class FinalTestCase {
        @Fake
        final Object redis = new Object();

        @Test
        void test() {}
    }

    @Test
    void refusesAFieldThatHoldsSomething() {
        assertThat(InnerSuite.of(HeldTestCase.class).launch().onlyFailure())
                .hasMessage("@Fake on field HeldTestCase.redis, which holds mine already: leave it unassigned, or leave"
                        + " the annotation out and end the fake yourself.");
    }

    static class HeldTestCase {
        @Fake
        Object redis = "mine";

        @Test
        void test() {
            Objects.requireNonNull(redis);
        }
    }

    @Test
    void refusesATypeThatIsNoFake() {
        assertThat(InnerSuite.of(NoFakeTestCase.class).launch().onlyFailure())
                .hasMessage(
                        "@Fake on field NoFakeTestCase.redis, whose type redis.clients.jedis.Jedis is no fake. There"
                                + " are: dev.cacheproof.fake.redis.FakeRedis.");
    }

    static class NoFakeTestCase {
        @Fake
        Jedis redis;

        @Test
        void test() {}
    }
}
