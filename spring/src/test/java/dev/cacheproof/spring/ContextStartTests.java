package dev.cacheproof.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.Loads;
import dev.cacheproof.Scope;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestContextManager;

class ContextStartTests {

    /** A context starts when its first test needs it, while others run. */
    @Test
    void whatAContextAsksForWhenItStartsIsNoTests() throws Exception {
        try (Scope scope = Scope.open("block")) {
            FutureTask<Boolean> start = new FutureTask<>(() -> {
                new TestContextManager(Configured.class).prepareTestInstance(new Configured());
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

    @Configuration(proxyBeanMethods = false)
    static class Application {
        @Bean
        Integer answer() {
            return Loads.counted("when it starts", () -> 42);
        }
    }
}
