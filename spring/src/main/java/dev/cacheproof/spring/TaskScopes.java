package dev.cacheproof.spring;

import dev.cacheproof.Scope;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.DirectFieldAccessor;
import org.springframework.beans.factory.config.InstantiationAwareBeanPostProcessor;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.AsyncAnnotationBeanPostProcessor;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * Lets the work that a test hands to Spring's executors belong to that test. What schedulers run stays nobody's: most of it
 * runs by itself, and what does not cannot be told from it.
 */
final class TaskScopes implements InstantiationAwareBeanPostProcessor {

    /** No executor tells its decorator, and to replace one would change the application. Named so since they have them. */
    private static final String DECORATOR = "taskDecorator";

    /** Its getter throws where there is none yet. */
    private static final String POOL = "threadPoolExecutor";

    private static final String EXECUTOR_OF_ASYNC = "executor";
    private static final String EXECUTOR_OF_EVENTS = "taskExecutor";

    /** The executor that {@code AsyncConfigurer} makes need not be a bean, and is asked for before any other callback here. */
    @Override
    public boolean postProcessAfterInstantiation(Object bean, String beanName) {
        if (bean instanceof AsyncAnnotationBeanPostProcessor async
                && field(async, EXECUTOR_OF_ASYNC) instanceof Supplier<?> executors) {
            Supplier<@Nullable Executor> propagating =
                    () -> executors.get() instanceof Executor executor ? propagating(executor) : null;
            new DirectFieldAccessor(async).setPropertyValue(EXECUTOR_OF_ASYNC, propagating);
        }
        return true;
    }

    /** Before an executor is initialized, which may start its first task. */
    @Override
    public Object postProcessBeforeInitialization(Object bean, String beanName) {
        decorate(bean);
        return bean;
    }

    /** An executor that a factory made has had no other callback; and only now has each its pool. */
    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        decorate(bean);
        abandonRejectedTasks(bean);
        if (bean instanceof SimpleApplicationEventMulticaster events
                && field(events, EXECUTOR_OF_EVENTS) instanceof Executor executor) {
            events.setTaskExecutor(propagating(executor));
        }
        return bean;
    }

    private static Executor propagating(Executor executor) {
        if (decorate(executor)) {
            abandonRejectedTasks(executor);
            return executor;
        }
        TaskExecutorAdapter propagating = new TaskExecutorAdapter(executor);
        propagating.setTaskDecorator(new ScopeDecorator(null));
        return propagating;
    }

    /** Decorates an executor once, and says whether it is one that can be. */
    private static boolean decorate(Object bean) {
        Object executor = withoutProxy(bean);
        if (executor instanceof TaskScheduler) {
            return false;
        }
        if (executor instanceof ThreadPoolTaskExecutor pool) {
            pool.setTaskDecorator(decorator(pool));
        } else if (executor instanceof SimpleAsyncTaskExecutor threads) {
            threads.setTaskDecorator(decorator(threads));
        } else if (executor instanceof ConcurrentTaskExecutor adapter) {
            adapter.setTaskDecorator(decorator(adapter));
        } else {
            return false;
        }
        return true;
    }

    /** A proxy of an executor's class has its fields, all empty. */
    private static Object withoutProxy(Object bean) {
        Object behind = AopProxyUtils.getSingletonTarget(bean);
        return behind == null ? bean : behind;
    }

    /** A pool that is full has decorated a task that will never run. */
    private static void abandonRejectedTasks(Object bean) {
        Object executor = withoutProxy(bean);
        if (executor instanceof ThreadPoolTaskExecutor tasks
                && field(tasks, POOL) instanceof ThreadPoolExecutor pool
                && pool.getRejectedExecutionHandler().getClass() == ThreadPoolExecutor.AbortPolicy.class) {
            pool.setRejectedExecutionHandler(new Rejection());
        }
    }

    private static final class Rejection extends ThreadPoolExecutor.AbortPolicy {
        @Override
        public void rejectedExecution(Runnable task, ThreadPoolExecutor pool) {
            Scope.abandon(task);
            super.rejectedExecution(task, pool);
        }
    }

    private static TaskDecorator decorator(Object executor) {
        TaskDecorator application = (TaskDecorator) field(executor, DECORATOR);
        return application instanceof ScopeDecorator ? application : new ScopeDecorator(application);
    }

    private static @Nullable Object field(Object owner, String name) {
        return new DirectFieldAccessor(owner).getPropertyValue(name);
    }
}
