package dev.cacheproof.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.Journal;
import dev.cacheproof.Loads;
import dev.cacheproof.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.AsyncConfigurer;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

@SpringJUnitConfig(ExecutorScopeTests.Application.class)
class ExecutorScopeTests {

    private static final ThreadLocal<String> TENANT = new ThreadLocal<>();

    @Autowired
    ApplicationContext context;

    @Autowired
    Worker worker;

    @TestFactory
    List<DynamicTest> aTaskBelongsToTheTestThatSubmitsIt() {
        List<DynamicTest> tests = new ArrayList<>();
        Map<String, Executor> executors = context.getBeansOfType(Executor.class);
        executors.forEach((name, executor) -> {
            if (!List.of("scheduler", "full").contains(name)) {
                tests.add(DynamicTest.dynamicTest(name, () -> countsTasksOf(name, executor)));
            }
        });
        assertThat(tests).hasSizeGreaterThanOrEqualTo(5);
        return tests;
    }

    private static void countsTasksOf(String name, Executor executor) throws Exception {
        String load = "tasks of " + name;
        try (Scope scope = Scope.open("block")) {
            CompletableFuture.supplyAsync(() -> Loads.counted(load, () -> 1), executor)
                    .get(60, TimeUnit.SECONDS);
            if (executor instanceof AsyncTaskExecutor async) {
                Future<Integer> submitted = async.submit(() -> Loads.counted(load, () -> 1));
                submitted.get(60, TimeUnit.SECONDS);
            }
            assertThat(scope.unfinished()).isEmpty();
            Journal tasks = scope.journal().loads().of(load::equals);
            assertThat(tasks.count()).isEqualTo(executor instanceof AsyncTaskExecutor ? 2 : 1);
            assertThat(tasks.unattributedCount()).isZero();
        }
    }

    @TestFactory
    List<DynamicTest> theApplicationDecoratesItsTasksAsBefore() {
        return List.of("pool", "simple", "adapter").stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    Executor executor = context.getBean(name, Executor.class);
                    TENANT.set("tenant of " + name);
                    try {
                        assertThat(CompletableFuture.supplyAsync(TENANT::get, executor)
                                        .get(60, TimeUnit.SECONDS))
                                .isEqualTo("tenant of " + name);
                    } finally {
                        TENANT.remove();
                    }
                }))
                .toList();
    }

    /** As an aspect on executors makes it. */
    @Test
    void anExecutorBehindAProxyKeepsItsDecorator() throws Exception {
        ThreadPoolTaskExecutor pool = new ThreadPoolTaskExecutor();
        pool.setTaskDecorator(task -> () -> {
            TENANT.set("of the decorator");
            task.run();
        });
        pool.initialize();
        ProxyFactory proxies = new ProxyFactory(pool);
        proxies.setProxyTargetClass(true);
        Executor proxy = (Executor) new TaskScopes().postProcessAfterInitialization(proxies.getProxy(), "proxied");
        try (Scope scope = Scope.open("block")) {
            assertThat(CompletableFuture.supplyAsync(() -> List.of(TENANT.get(), Scope.current()), proxy)
                            .get(60, TimeUnit.SECONDS))
                    .containsExactly("of the decorator", Optional.of(scope));
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void aThreadOfThePoolForgetsTheScope() throws Exception {
        Executor executor = context.getBean("pool", Executor.class);
        try (Scope scope = Scope.open("block")) {
            assertThat(CompletableFuture.supplyAsync(Scope::current, executor).get(60, TimeUnit.SECONDS))
                    .containsSame(scope);
        }
        CompletableFuture<Optional<Scope>> seen = new CompletableFuture<>();
        new Thread(() -> executor.execute(() -> seen.complete(Scope.current()))).start();
        assertThat(seen.get(60, TimeUnit.SECONDS)).isEmpty();
    }

    /** What a test leaves running must not be taken for the work of the test after it. */
    @Test
    void whatATestLeavesRunningIsNotTheNextTests() throws Exception {
        Executor executor = context.getBean("simple", Executor.class);
        CountDownLatch nextBegan = new CountDownLatch(1);
        CompletableFuture<Integer> left;
        try (Scope first = Scope.named("first test").root().open()) {
            left = CompletableFuture.supplyAsync(
                    () -> {
                        await(nextBegan);
                        return Loads.counted("left running", () -> 1);
                    },
                    executor);
        }
        try (Scope next = Scope.named("next test").root().open()) {
            nextBegan.countDown();
            left.get(60, TimeUnit.SECONDS);
            assertThat(next.journal().loads().of("left running"::equals).count())
                    .isZero();
        }
    }

    /** An application that has an answer to a full pool would fail its tests for what it never did. */
    @Test
    void nobodyWaitsForATaskThatAFullPoolRejects() throws Exception {
        Executor executor = context.getBean("full", Executor.class);
        CountDownLatch busy = new CountDownLatch(1);
        try (Scope scope = Scope.open("block")) {
            CompletableFuture<Void> first = CompletableFuture.runAsync(() -> await(busy), executor);
            assertThatThrownBy(() -> executor.execute(() -> {})).isInstanceOf(TaskRejectedException.class);
            busy.countDown();
            first.get(60, TimeUnit.SECONDS);
            assertThat(scope.unfinished()).isEmpty();
        }
    }

    @Test
    void anAsyncMethodIsItsCallers() throws Exception {
        try (Scope scope = Scope.open("block")) {
            worker.work("async method").get(60, TimeUnit.SECONDS);
            Journal loads = scope.journal().loads().of("async method"::equals);
            assertThat(loads.count()).isEqualTo(1);
            assertThat(scope.unfinished()).isEmpty();
        }
    }

    @Test
    void whatAnEventSetsOffIsThePublishers() throws Exception {
        try (Scope scope = Scope.open("block")) {
            CompletableFuture<String> heard = new CompletableFuture<>();
            context.publishEvent(new Published(heard));
            assertThat(heard.get(60, TimeUnit.SECONDS))
                    .isNotEqualTo(Thread.currentThread().getName());
            assertThat(scope.unfinished()).isEmpty();
            assertThat(scope.journal().loads().of("event"::equals).count()).isEqualTo(1);
        }
    }

    /** Most of what a scheduler runs is no test's, and nothing tells what is from it. */
    @Test
    void whatASchedulerRunsMayBeAnybodys() throws Exception {
        ThreadPoolTaskScheduler scheduler = context.getBean(ThreadPoolTaskScheduler.class);
        try (Scope scope = Scope.open("block")) {
            scheduler
                    .schedule(() -> Loads.counted("scheduled", () -> 1), Instant.now())
                    .get(60, TimeUnit.SECONDS);
            Journal loads = scope.journal().loads().of("scheduled"::equals);
            assertThat(loads.count()).isZero();
            assertThat(loads.unattributedCount()).isEqualTo(1);
            assertThat(loads.ignoring(thread -> thread.startsWith("scheduling-"))
                            .unattributedCount())
                    .isZero();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException shutDown) {
            Thread.currentThread().interrupt();
        }
    }

    /** As a security context is passed on. */
    private static Runnable withTenant(Runnable task) {
        String tenant = TENANT.get();
        return () -> {
            TENANT.set(tenant);
            try {
                task.run();
            } finally {
                TENANT.remove();
            }
        };
    }

    record Published(CompletableFuture<String> heard) {}

    static class Worker {

        @Async
        CompletableFuture<Integer> work(String load) {
            return CompletableFuture.completedFuture(Loads.counted(load, () -> 1));
        }

        @EventListener
        void hear(Published event) {
            Loads.counted("event", () -> 1);
            event.heard().complete(Thread.currentThread().getName());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAsync
    static class Application implements AsyncConfigurer {

        private static final ExecutorService OWN = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });

        /** Not a bean, and initialized before anybody sees it. */
        @Override
        public Executor getAsyncExecutor() {
            ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
            executor.setCorePoolSize(2);
            executor.setDaemon(true);
            executor.initialize();
            return executor;
        }

        @Bean
        ThreadPoolTaskExecutor pool() {
            ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
            executor.setCorePoolSize(1);
            executor.setTaskDecorator(ExecutorScopeTests::withTenant);
            return executor;
        }

        @Bean
        ThreadPoolTaskExecutor full() {
            ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
            executor.setMaxPoolSize(1);
            executor.setQueueCapacity(0);
            return executor;
        }

        @Bean
        SimpleAsyncTaskExecutor simple() {
            SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor();
            executor.setTaskDecorator(ExecutorScopeTests::withTenant);
            return executor;
        }

        @Bean
        SimpleAsyncTaskExecutor virtualWhereThereAre() {
            SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor();
            if (Runtime.version().feature() >= 21) {
                executor.setVirtualThreads(true);
            }
            return executor;
        }

        @Bean
        ConcurrentTaskExecutor adapter() {
            ConcurrentTaskExecutor executor = new ConcurrentTaskExecutor(OWN);
            executor.setTaskDecorator(ExecutorScopeTests::withTenant);
            return executor;
        }

        @Bean
        FactoryBean<ThreadPoolTaskExecutor> madeByAFactory() {
            ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
            executor.setDaemon(true);
            executor.initialize();
            return new FactoryBean<>() {
                @Override
                public ThreadPoolTaskExecutor getObject() {
                    return executor;
                }

                @Override
                public Class<?> getObjectType() {
                    return ThreadPoolTaskExecutor.class;
                }
            };
        }

        @Bean
        ThreadPoolTaskScheduler scheduler() {
            ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
            scheduler.setThreadNamePrefix("scheduling-");
            return scheduler;
        }

        /** Its executor is no bean either. */
        @Bean
        SimpleApplicationEventMulticaster applicationEventMulticaster() {
            SimpleApplicationEventMulticaster events = new SimpleApplicationEventMulticaster();
            events.setTaskExecutor(OWN);
            return events;
        }

        @Bean
        Worker worker() {
            return new Worker();
        }
    }
}
