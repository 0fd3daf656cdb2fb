package dev.cacheproof.spring;

import static dev.cacheproof.query.QueryAssertions.assertNumQueries;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.junit.Fake;
import dev.cacheproof.spring.shop.Books;
import dev.cacheproof.spring.shop.Shop;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** Contexts that Spring closes around a test, whichever of the two annotations comes first. */
class DirtyContextTests {

    @Test
    void aTestHasTheFakeOfItsNewContext() {
        InnerTests.run(BeforeEachTestCase.class).allPass(2);
    }

    @CacheIsolation
    @SpringBootTest(classes = Shop.class)
    @TestPropertySource(properties = "context = closed before")
    @DirtiesContext(classMode = DirtiesContext.ClassMode.BEFORE_EACH_TEST_METHOD)
    static class BeforeEachTestCase {
        @Fake
        FakeRedis redis;

        @Autowired
        StringRedisTemplate template;

        @Autowired
        Books books;

        @BeforeEach
        void prepare() {
            template.opsForValue().set("greeting", "hello");
            assertThat(redis.keys()).containsExactly("greeting");
        }

        @RepeatedTest(2)
        void isCold() {
            assertNumQueries(1, () -> books.fetchTitle(1));
            assertThat(redis.keys()).containsExactlyInAnyOrder("greeting", "titles::1");
        }
    }

    @Test
    void aTestMayEndAfterItsContext() {
        InnerTests.run(AfterEachTestCase.class).allPass(2);
    }

    @CacheIsolation
    @SpringBootTest(classes = Shop.class)
    @TestPropertySource(properties = "context = closed after")
    @DirtiesContext(classMode = DirtiesContext.ClassMode.AFTER_EACH_TEST_METHOD)
    static class AfterEachTestCase {
        @Fake
        FakeRedis redis;

        @Autowired
        Books books;

        @RepeatedTest(2)
        void isCold() {
            assertThat(redis.keys()).isEmpty();
            assertNumQueries(1, () -> books.fetchTitle(1));
            assertThat(redis.keys()).containsExactly("titles::1");
        }
    }
}
