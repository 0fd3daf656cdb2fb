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

    private final Map<LettuceConnectionFactory, CommandsUnderWay> factories = new ConcurrentHashMap<>();

    /** A factory that was stopped and started has another client. */
    private final Map<AbstractRedisClient, CommandsUnderWay> clients = Collections.synchronizedMap(new WeakHashMap<>());

    /** A client tells of the connections that it makes after it was asked to, and makes none before it is needed. */
    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof LettuceConnectionFactory factory) {
            watch(factory);
        }
        return bean;
    }

    @Override
    public void watch(ConfigurableListableBeanFactory beans) {
        CacheSource.existing(beans, LettuceConnectionFactory.class).values().forEach(this::watch);
    }

    private void watch(LettuceConnectionFactory factory) {
        AbstractRedisClient client = factory.isRunning() ? factory.getNativeClient() : null;
        if (client != null) {
            CommandsUnderWay commands = factories.computeIfAbsent(factory, added -> new CommandsUnderWay());
            if (clients.putIfAbsent(client, commands) == null) {
                client.addListener(commands);
            }
        }
    }

    @Override
    public void settle() throws InterruptedException {
        for (Map.Entry<LettuceConnectionFactory, CommandsUnderWay> each : factories.entrySet()) {
            CommandsUnderWay commands = each.getValue();
            try {
                Deadline.after(PATIENCE).await(commands::areAllDone, commands::toString);
            } catch (IllegalStateException stuck) {
                // A client that lost its server keeps commands, and sends them when it finds it again: in another test.
                if (each.getKey().isRunning()) {
                    each.getKey().resetConnection();
                }
                commands.forget();
            }
        }
    }
}
