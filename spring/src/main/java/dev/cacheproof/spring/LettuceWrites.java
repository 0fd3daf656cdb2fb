package dev.cacheproof.spring;

import dev.cacheproof.Deadline;
import io.lettuce.core.AbstractRedisClient;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * What Spring Data sends through Lettuce and does not wait for. From its version 4 on that is each put, evict and clear of a
 * cache. Its cache drops the future, so Lettuce is asked, which tells of each command before it is sent and after it is
 * done. Thread-safe.
 */
final class LettuceWrites implements AsyncWrites, BeanPostProcessor {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Map<LettuceConnectionFactory, Watched> factories = new ConcurrentHashMap<>();

    /** A factory that was stopped and started has another client. */
    private final Map<AbstractRedisClient, CommandsUnderWay> clients = Collections.synchronizedMap(new WeakHashMap<>());

    private record Watched(String bean, CommandsUnderWay commands) {}

    /** A client tells of the connections that it makes after it was asked to, and makes none before it is needed. */
    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof LettuceConnectionFactory factory) {
            watch(beanName, factory);
        }
        return bean;
    }

    @Override
    public void watch(ConfigurableListableBeanFactory beans) {
        ExistingBeans.of(beans).ofType(LettuceConnectionFactory.class).forEach(this::watch);
    }

    private void watch(String bean, LettuceConnectionFactory factory) {
        AbstractRedisClient client = factory.isRunning() ? factory.getNativeClient() : null;
        if (client != null) {
            CommandsUnderWay commands =
                    factories.computeIfAbsent(factory, added -> new Watched(bean, new CommandsUnderWay())).commands;
            if (clients.putIfAbsent(client, commands) == null) {
                client.addListener(commands);
            }
        }
    }

    @Override
    public void settle() throws InterruptedException {
        for (Map.Entry<LettuceConnectionFactory, Watched> each : factories.entrySet()) {
            CommandsUnderWay commands = each.getValue().commands;
            try {
                Deadline.after(PATIENCE).await(commands::areAllDone, commands::toString);
            } catch (IllegalStateException stuck) {
                reset(each.getKey(), each.getValue());
            }
        }
    }

    /** A client that lost its server keeps commands, and sends them when it finds it again: in another test. */
    private static void reset(LettuceConnectionFactory factory, Watched watched) {
        String pending = watched.commands.toString();
        if (factory.isRunning() && !pending.isEmpty()) {
            Warnings.give(
                    "cacheproof.reset",
                    "the shared connection of LettuceConnectionFactory \"" + watched.bean
                            + "\" is reset, with all that is under way on it: Redis has not answered "
                            + pending + " within " + PATIENCE.toSeconds()
                            + " seconds, and Lettuce may send it again, in another test");
            factory.resetConnection();
        }
        watched.commands.forget();
    }
}
