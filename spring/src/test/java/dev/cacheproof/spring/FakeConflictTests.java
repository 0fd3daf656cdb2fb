package dev.cacheproof.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.Mockito.mock;

import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.junit.Fake;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.ContextHierarchy;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;
import org.springframework.util.ClassUtils;

class FakeConflictTests {

    @Test
    void refusesAFakeThatTheApplicationIsNotConnectedTo() {
        assertThat(InnerTests.run(HandMadeTestCase.class).onlyFailure()).hasMessage("""
                @Fake FakeRedis redis is not what the application is connected to, so the test would prove nothing

                  bean connections  connects to Redis at cache.example:6379

                  What to do: let Spring Boot make the connection factory, or take the address from the properties that the fake sets:
                    spring.data.redis.url, or .host and .port, which neither @DynamicPropertySource nor a bean may set anew.""");
    }

    @Configuration
    static class HandMade {
        @Bean
        RedisConnectionFactory connections() {
            return new LettuceConnectionFactory("cache.example", 6379);
        }
    }

    @SpringJUnitConfig(HandMade.class)
    static class HandMadeTestCase {
        @Fake
        FakeRedis redis;

        @Test
        void isNotReached() {}
    }

    @Test
    void refusesAFakeThatALazyBeanWillNotConnectTo() {
        assertThat(InnerTests.run(LazyTestCase.class).onlyFailure())
                .hasMessageContaining("bean connections  connects to Redis at cache.example:6379");
    }

    @Configuration
    @Lazy
    static class LazyHandMade extends HandMade {}

    @SpringJUnitConfig(LazyHandMade.class)
    static class LazyTestCase {
        @Fake
        FakeRedis redis;

        @Test
        void isNotReached() {}
    }

    @Configuration
    static class Second {
        @Bean
        RedisConnectionFactory second(
                @Value("${spring.data.redis.host}") String host, @Value("${spring.data.redis.port}") int port) {
            return new LettuceConnectionFactory(host, port);
        }
    }

    @Test
    void refusesAFakeThatOnlyAnotherConnectionFactoryConnectsTo() {
        assertThat(InnerTests.run(PrimaryElsewhereTestCase.class).onlyFailure())
                .hasMessageContaining("bean second       connects to FakeRedis at 127.0.0.1:")
                .hasMessageContaining("bean connections  connects to Redis at cache.example:6379")
                .hasMessageContaining("the\n    @Primary one");
    }

    @Test
    void acceptsAFakeThatSomeMayConnectTo() {
        InnerTests.run(NoPrimaryTestCase.class, DelegatingPrimaryTestCase.class).allPass(2);
    }

    @Configuration
    @Import(Second.class)
    static class PrimaryElsewhere {
        @Bean
        @Primary
        RedisConnectionFactory connections() {
            return new LettuceConnectionFactory("cache.example", 6379);
        }
    }

    @SpringJUnitConfig(PrimaryElsewhere.class)
    static class PrimaryElsewhereTestCase {
        @Fake
        FakeRedis redis;

        @Test
        void isNotReached() {}
    }

    abstract static class SecondTestCase {
        @Fake
        FakeRedis redis;

        @Test
        void isReached(@Autowired @Qualifier("second") RedisConnectionFactory connections) {
            redis.put("greeting", "hello");
            assertThat(new StringRedisTemplate(connections).opsForValue().get("greeting"))
                    .isEqualTo("hello");
        }
    }

    @SpringJUnitConfig({HandMade.class, Second.class})
    static class NoPrimaryTestCase extends SecondTestCase {}

    @Configuration
    @Import(Second.class)
    static class Measured {
        @Bean
        @Primary
        RedisConnectionFactory measured(@Qualifier("second") RedisConnectionFactory second) {
            return mock(RedisConnectionFactory.class, delegatesTo(second));
        }
    }

    @SpringJUnitConfig(Measured.class)
    static class DelegatingPrimaryTestCase extends SecondTestCase {}

    /** As that of another library, which may well connect to the fake. */
    @Configuration
    static class Untold implements DisposableBean {
        private final LettuceConnectionFactory connects;

        Untold(@Value("${spring.data.redis.url}") URI address) {
            connects = new LettuceConnectionFactory(address.getHost(), address.getPort());
            connects.afterPropertiesSet();
        }

        @Bean
        RedisConnectionFactory connections() {
            return mock(RedisConnectionFactory.class, delegatesTo(connects));
        }

        @Override
        public void destroy() {
            connects.destroy();
        }
    }

    @SpringJUnitConfig(Untold.class)
    static class UntoldTestCase {
        @Fake
        FakeRedis redis;

        @Test
        void isReached(@Autowired RedisConnectionFactory connections) {
            redis.put("greeting", "hello");
            assertThat(new StringRedisTemplate(connections).opsForValue().get("greeting"))
                    .isEqualTo("hello");
        }
    }

    @Test
    void acceptsAFakeWhereTheConnectionFactoryDoesNotTell() {
        InnerTests.run(UntoldTestCase.class).allPass(1);
    }

    /** Spring shows a context the class that declares it, and none that extends that. */
    @Test
    void refusesAFakeThatTheParentContextDoesNotKnow() {
        assertThat(InnerTests.run(UnseenTestCase.class).onlyFailure()).hasMessage("""
                @Fake FakeRedis redis is not what the application is connected to, so the test would prove nothing

                  bean connections (parent context)  connects to Redis at cache.example:6379

                  What to do: move the field to the class whose @ContextHierarchy declares the parent context: Spring shows a context no
                    fields of subclasses.""");
        assertThat(InnerTests.run(SeenByTheChildTestCase.class).onlyFailure())
                .hasMessageContaining("move the field to the class");
    }

    @SpringJUnitConfig
    @ContextHierarchy({
        @ContextConfiguration(name = "parent", classes = HandMade.class),
        @ContextConfiguration(name = "child", classes = HierarchyTests.FirstChild.class)
    })
    abstract static class HierarchyTestCase {}

    static class UnseenTestCase extends HierarchyTestCase {
        @Fake
        FakeRedis redis;

        @Test
        void isNotReached() {}
    }

    @ContextHierarchy(@ContextConfiguration(name = "child", classes = HierarchyTests.SecondChild.class))
    static class SeenByTheChildTestCase extends HierarchyTestCase {
        @Fake
        FakeRedis redis;

        @Test
        void isNotReached() {}
    }

    @Test
    void namesThePropertyThatAsksForACluster() {
        assertThat(InnerTests.run(ClusterTestCase.class).onlyFailure())
                .hasMessageContaining("connects to a Redis cluster")
                .hasMessageContaining("the property spring.data.redis.cluster.nodes is set");
    }

    @Test
    void refusesAnAddressThatTheTestSetsItself() {
        assertThat(InnerTests.run(DynamicPropertyTestCase.class).onlyFailure())
                .hasMessageContaining("bean connections  connects to Redis at cache.example:6379")
                .hasMessageContaining("neither @DynamicPropertySource nor a bean may set anew");
    }

    @SpringJUnitConfig(FakeConnectionTests.Connected.class)
    static class DynamicPropertyTestCase {
        @Fake
        FakeRedis redis;

        @DynamicPropertySource
        static void connectElsewhere(DynamicPropertyRegistry properties) {
            properties.add("spring.data.redis.url", () -> "redis://cache.example:6379");
        }

        @Test
        void isNotReached() {}
    }

    @Configuration
    static class Cluster {
        @Bean
        RedisConnectionFactory connections() {
            return new LettuceConnectionFactory(new RedisClusterConfiguration().clusterNode("cache.example", 6379));
        }
    }

    @SpringJUnitConfig(Cluster.class)
    @TestPropertySource(properties = "spring.data.redis.cluster.nodes=cache.example:6379")
    static class ClusterTestCase {
        @Fake
        FakeRedis redis;

        @Test
        void isNotReached() {}
    }

    @Test
    void namesTheBeanThatSaysWhereToConnect() {
        assertThat(InnerTests.run(DetailsTestCase.class).onlyFailure())
                .hasMessageContaining("bean redisContainer says where to connect");
    }

    @Configuration
    static class Details extends HandMade {
        @Bean
        static BeanDefinitionRegistryPostProcessor container() {
            return new BeanDefinitionRegistryPostProcessor() {
                @Override
                public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {}

                @Override
                public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
                    ClassLoader loader = beans.getBeanClassLoader();
                    String before4 = "org.springframework.boot.autoconfigure.data.redis.RedisConnectionDetails";
                    Class<?> type = ClassUtils.resolveClassName(
                            ClassUtils.isPresent(before4, loader)
                                    ? before4
                                    : "org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails",
                            loader);
                    beans.registerSingleton("redisContainer", mock(type));
                }
            };
        }
    }

    @SpringJUnitConfig(Details.class)
    static class DetailsTestCase {
        @Fake
        FakeRedis redis;

        @Test
        void isNotReached() {}
    }

    @Test
    void refusesTwoFakes() {
        assertThat(InnerTests.run(TwoFakesTestCase.class).onlyFailure()).hasMessage("""
                An application can be connected to one FakeRedis, but the test class has @Fake FakeRedis redis and @Fake FakeRedis sessions

                  What to do: keep one; of fields that mean the same fake, let the names be the same: @Fake("redis").
                    For a second server, make the fake a bean of the test's configuration:
                      @Bean(destroyMethod = "close") FakeRedis sessions() { return FakeRedis.start(); }""");
    }

    @SpringJUnitConfig(HandMade.class)
    static class TwoFakesTestCase {
        @Fake
        FakeRedis redis;

        @Fake
        FakeRedis sessions;

        @Test
        void isNotReached() {}
    }
}
