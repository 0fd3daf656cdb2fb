package dev.cacheproof.spring;

import dev.cacheproof.Scope;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestContextManager;

/** Starts a context where there is nothing but Spring's core. Called by {@link PlainSpringTests} in a class loader of its own. */
@ContextConfiguration(classes = PlainSpringProbe.Application.class)
public class PlainSpringProbe {

    @Configuration(proxyBeanMethods = false)
    static class Application {
        @Bean
        SimpleAsyncTaskExecutor executor() {
            return new SimpleAsyncTaskExecutor();
        }
    }

    /** Says whether an executor passes the scope on. */
    public static boolean isWatched() throws Exception {
        TestContextManager manager = new TestContextManager(PlainSpringProbe.class);
        manager.prepareTestInstance(new PlainSpringProbe());
        SimpleAsyncTaskExecutor executor =
                manager.getTestContext().getApplicationContext().getBean(SimpleAsyncTaskExecutor.class);
        try (Scope scope = Scope.open("block")) {
            return CompletableFuture.supplyAsync(() -> Scope.current().equals(Optional.of(scope)), executor)
                    .get(60, TimeUnit.SECONDS);
        }
    }
}
