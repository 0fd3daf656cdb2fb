package dev.cacheproof.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.spring.reading.ReadingRoom;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.ContextHierarchy;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;
import org.springframework.web.client.RestTemplate;

/** Which tests can believe that the application called no other. */
class HttpWatchTests {

    @Configuration
    static class Root {}

    @Configuration
    static class WithClient {
        @Bean
        RestTemplate template() {
            return new RestTemplate();
        }
    }

    @Configuration
    static class WithoutClient {}

    /** The first has made its client before the second looks. */
    @Test
    void theClientOfAContextProvesNothingForAnotherOfItsParent() {
        InnerTests.run(WithClientTestCase.class, WithoutClientTestCase.class, ChildTestCase.class)
                .allPass(3);
    }

    @SpringJUnitConfig
    @ContextHierarchy({@ContextConfiguration(classes = Root.class), @ContextConfiguration(classes = WithClient.class)})
    static class WithClientTestCase {
        @Test
        void isWatched() {
            assertThat(Recorder.watched(Operation.Kind.LOAD)).contains("HTTP");
        }
    }

    @SpringJUnitConfig
    @ContextHierarchy({@ContextConfiguration(classes = Root.class), @ContextConfiguration(classes = WithoutClient.class)
    })
    static class WithoutClientTestCase {
        @Test
        void isNotWatched() {
            assertThat(Recorder.watched(Operation.Kind.LOAD)).doesNotContain("HTTP");
        }
    }

    @SpringJUnitConfig
    @ContextHierarchy({
        @ContextConfiguration(classes = WithClient.class),
        @ContextConfiguration(classes = WithoutClient.class)
    })
    static class ChildTestCase {
        @Test
        void seesThatOfItsParent() {
            assertThat(Recorder.watched(Operation.Kind.LOAD)).contains("HTTP");
        }
    }

    /** Spring Boot may make one of its own accord, as 3.5 does where there is a port. */
    @Test
    void theClientOfATestProvesNothing() {
        InnerTests.run(TestRestTemplateTestCase.class).allPass(1);
    }

    @SpringBootTest(classes = ReadingRoom.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
    @Import(TestClients.OfTestRestTemplate.class)
    static class TestRestTemplateTestCase {
        @Test
        void isNotTakenForTheApplications(@Autowired ApplicationContext context) throws Exception {
            TestClients.testRestTemplates(context);
            assertThat(Recorder.watched(Operation.Kind.LOAD)).doesNotContain("HTTP");
            TestClients.ofRestTemplateBuilder(context);
            assertThat(Recorder.watched(Operation.Kind.LOAD)).contains("HTTP");
        }
    }
}
