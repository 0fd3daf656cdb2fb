package dev.cacheproof.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.Loads;
import dev.cacheproof.Scope;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.BeanUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestContextManager;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.web.WebAppConfiguration;

class ContextStartTests {

    /** A context starts when its first test needs it, while others run. */
    @ParameterizedTest
    @ValueSource(classes = {Configured.class, OfTheWeb.class, Mocking.class})
    void whatAContextAsksForWhenItStartsIsNoTests(Class<?> testClass) throws Exception {
        Object test = BeanUtils.instantiateClass(testClass);
        try (Scope scope = Scope.open("block")) {
            FutureTask<Boolean> start = new FutureTask<>(() -> {
                new TestContextManager(testClass).prepareTestInstance(test);
                return true;
            });
            new Thread(start).start();
            assertThat(start.get(60, TimeUnit.SECONDS)).isTrue();
            assertThat(scope.journal().loads().of("when it starts"::equals).count())
                    .isZero();
            assertThat(scope.journal().loads().of("when it starts"::equals).unattributedCount())
                    .isZero();
        }
    }

    @ContextConfiguration(classes = Application.class)
    static class Configured {}

    @WebAppConfiguration
    @ContextConfiguration(classes = Application.class)
    static class OfTheWeb {}

    @ContextConfiguration(classes = Application.class)
    static class Mocking {
        @MockitoBean
        Runnable mocked;
    }

    @Configuration(proxyBeanMethods = false)
    static class Application {
        @Bean
        Integer answer() {
            return Loads.counted("when it starts", () -> 42);
        }
    }
}
