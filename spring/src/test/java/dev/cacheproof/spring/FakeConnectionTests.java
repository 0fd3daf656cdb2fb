package dev.cacheproof.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.junit.Fake;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

/** What a fake does in a context. Contexts without Spring Boot take the address from the property that it takes it from. */
class FakeConnectionTests {

    @Configuration
    static class Connected {
        @Bean
        RedisConnectionFactory connections(@Value("${spring.data.redis.url:redis://127.0.0.1:1}") String url) {
            return new LettuceConnectionFactory(
                    (RedisStandaloneConfiguration) LettuceConnectionFactory.createRedisConfiguration(url));
        }

        @Bean
        StringRedisTemplate template(RedisConnectionFactory connections) {
            return new StringRedisTemplate(connections);
        }
    }

    @Target(ElementType.TYPE)
    @Retention(RetentionPolicy.RUNTIME)
    @SpringJUnitConfig(Connected.class)
    @interface ConnectedTest {}

    /** What the sample tests saw, by what they are about. */
    private static final Set<Integer> PORTS = ConcurrentHashMap.newKeySet();

    private static final Set<ApplicationContext> WITH_FAKE = ConcurrentHashMap.newKeySet();
    private static final Set<ApplicationContext> WITHOUT_FAKE = ConcurrentHashMap.newKeySet();

    @Test
    void testClassesWithOneFakeShareAContextAndAPort() {
        InnerTests.run(
                        InstanceFieldTestCase.class,
                        InheritedFieldTestCase.class,
                        StaticFieldTestCase.class,
                        KeptInstanceTestCase.class,
                        FirstWithoutTestCase.class,
                        SecondWithoutTestCase.class)
                .allPass(8);
        assertThat(PORTS).hasSize(1);
        assertThat(WITH_FAKE).hasSize(1);
        assertThat(WITHOUT_FAKE).hasSize(1);
    }

    private static void use(FakeRedis redis, StringRedisTemplate template, ApplicationContext context) {
        assertThat(redis.keys()).isEmpty();
        template.opsForValue().set("greeting", "hello");
        assertThat(redis.get("greeting")).contains("hello");
        assertThat(context.getBean(FakeRedis.class)).isSameAs(redis);
        PORTS.add(redis.port());
        WITH_FAKE.add(context);
    }

    @ConnectedTest
    static class InstanceFieldTestCase {
        @Fake
        FakeRedis redis;

        @Test
        void isConnected(@Autowired StringRedisTemplate template, @Autowired ApplicationContext context) {
            use(redis, template, context);
        }

        @Nested
        class Inside {
            @Test
            void isConnected(@Autowired StringRedisTemplate template, @Autowired ApplicationContext context) {
                use(redis, template, context);
            }

            @Test
            @CacheIsolation
            void isIsolated(@Autowired StringRedisTemplate template, @Autowired ApplicationContext context) {
                use(redis, template, context);
            }
        }
    }

    @ConnectedTest
    abstract static class BaseTestCase {
        @Fake
        FakeRedis redis;
    }

    static class InheritedFieldTestCase extends BaseTestCase {
        @Test
        void isConnected(@Autowired StringRedisTemplate template, @Autowired ApplicationContext context) {
            use(redis, template, context);
        }
    }

    @ConnectedTest
    static class StaticFieldTestCase {
        @Fake
        static FakeRedis redis;

        @Test
        void isConnected(@Autowired StringRedisTemplate template, @Autowired ApplicationContext context) {
            use(redis, template, context);
        }
    }

    @ConnectedTest
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class KeptInstanceTestCase {
        @Fake
        FakeRedis redis;

        @BeforeAll
        void isThereAlready() {
            assertThat(redis.keys()).isEmpty();
        }

        @Test
        void isConnected(@Autowired StringRedisTemplate template, @Autowired ApplicationContext context) {
            use(redis, template, context);
        }
    }

    @ConnectedTest
    static class FirstWithoutTestCase {
        @Test
        void hasNone(@Autowired ApplicationContext context) {
            assertThat(context.getBeanProvider(FakeRedis.class).stream()).isEmpty();
            WITHOUT_FAKE.add(context);
        }
    }

    @ConnectedTest
    static class SecondWithoutTestCase {
        @Test
        @CacheIsolation(only = CacheIsolation.NONE)
        void sharesTheContextOfTheFirst(@Autowired ApplicationContext context) {
            WITHOUT_FAKE.add(context);
        }
    }

    private static final Set<FakeRedis> FAKES_OF_DIRTY_CONTEXTS = ConcurrentHashMap.newKeySet();

    @Test
    void aNewContextHasANewFake() {
        InnerTests.run(DirtyTestCase.class, DirtyBeforeTestCase.class).allPass(4);
        assertThat(FAKES_OF_DIRTY_CONTEXTS).hasSizeGreaterThanOrEqualTo(4);
    }

    @ConnectedTest
    @TestPropertySource(properties = "context = dirty")
    @DirtiesContext(classMode = DirtiesContext.ClassMode.AFTER_EACH_TEST_METHOD)
    static class DirtyTestCase {
        @Fake
        FakeRedis redis;

        @Test
        void first(@Autowired StringRedisTemplate template, @Autowired ApplicationContext context) {
            use(template, context);
        }

        @Test
        void second(@Autowired StringRedisTemplate template, @Autowired ApplicationContext context) {
            use(template, context);
        }

        private void use(StringRedisTemplate template, ApplicationContext context) {
            template.opsForValue().set("greeting", "hello");
            assertThat(redis.keys()).containsExactly("greeting");
            FAKES_OF_DIRTY_CONTEXTS.add(context.getBean(FakeRedis.class));
        }
    }

    @ConnectedTest
    @CacheIsolation
    @TestPropertySource(properties = "context = dirty before")
    @DirtiesContext(classMode = DirtiesContext.ClassMode.BEFORE_EACH_TEST_METHOD)
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class DirtyBeforeTestCase {
        @Fake
        FakeRedis redis;

        @Autowired
        StringRedisTemplate template;

        @Autowired
        ApplicationContext context;

        @Test
        @Order(1)
        void first() {
            use();
        }

        @Test
        @Order(2)
        void second() {
            use();
        }

        private void use() {
            template.opsForValue().set("greeting", "hello");
            assertThat(redis.keys()).containsExactly("greeting");
            FAKES_OF_DIRTY_CONTEXTS.add(context.getBean(FakeRedis.class));
        }
    }

    @Test
    void connectsToAFakeWhenNothingElseIsIsolated() {
        InnerTests.run(
                        Map.of("cacheproof.mode", "off", "junit.jupiter.execution.parallel.enabled", "false"),
                        OffTestCase.class)
                .allPass(1);
    }

    @ConnectedTest
    @TestPropertySource(properties = "context = off")
    static class OffTestCase {
        @Fake
        FakeRedis redis;

        @Test
        void isConnected(@Autowired StringRedisTemplate template) {
            template.opsForValue().set("greeting", "hello");
            assertThat(redis.keys()).containsExactly("greeting");
        }
    }
}
