package dev.cacheproof.spring;

import dev.cacheproof.Settings;
import dev.cacheproof.fake.FakeLifecycle;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Prepares a context before anything in it is made. Equal for all test classes that want the same fakes, since Spring shares
 * contexts whose customizers are equal. Nothing of ours is processed ahead of time: Spring calls customizers again when a
 * context starts in AOT mode, so that its tests are watched as all others are.
 *
 * @param fakes what the context is to be connected to
 */
record WatchingCustomizer(Set<FakeDefinition> fakes) implements ContextCustomizer {

    @Override
    public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
        ConfigurableListableBeanFactory beans = context.getBeanFactory();
        FakeConnections.requireOne(fakes);
        WatchedContext parent = WatchedContext.of(context.getParent());
        String id = SpringContexts.id(configuration);
        Map<FakeDefinition, Object> started = start(beans, parent, id);
        ExistingBeans.install(beans);
        boolean isolates = Settings.current().mode() == Settings.Mode.ENFORCE;
        RedisContext redis = RedisContext.of(beans, started, isolates);
        WatchedContext watched =
                new WatchedContext(id, SpringContexts.lockId(configuration), parent, beans, started, redis);
        beans.registerSingleton(WatchedContext.class.getName(), watched);
        ((DefaultSingletonBeanRegistry) beans).registerDisposableBean(WatchedContext.class.getName(), watched);
        if (redis.prefix() != null) {
            RedisPrefix.install(redis.prefix(), context);
        }
        if (redis.writes() instanceof BeanPostProcessor watchesWrites) {
            beans.addBeanPostProcessor(watchesWrites);
        }
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource("cacheproof", FakeConnections.properties(redis)));
        if (Settings.current().mode() != Settings.Mode.OFF) {
            WatchedDataSources dataSources = DataSourceWatcher.install(beans, id);
            context.addApplicationListener(new StartUpLine(context, dataSources, watched.fakes()));
            beans.addBeanPostProcessor(new TaskScopes());
            ServerScopes.install(context);
            HttpCalls.install(context, id);
        }
    }

    /** Fakes are ended after all beans, as they are registered before any. Those of a parent are not started again. */
    private Map<FakeDefinition, Object> start(
            ConfigurableListableBeanFactory beans, @Nullable WatchedContext parent, String application) {
        Map<FakeDefinition, Object> started = new LinkedHashMap<>();
        for (FakeDefinition definition : fakes) {
            Object ofParent = parent == null ? null : parent.fakes().get(definition);
            if (ofParent != null) {
                started.put(definition, ofParent);
                continue;
            }
            for (FakeLifecycle<?> lifecycle : ServiceLoader.load(FakeLifecycle.class)) {
                if (lifecycle.type() == definition.type()) {
                    started.put(definition, start(lifecycle, definition.name(), application, beans));
                }
            }
        }
        return started;
    }

    private static <F> F start(
            FakeLifecycle<F> lifecycle, String name, String application, ConfigurableListableBeanFactory beans) {
        F fake = lifecycle.start(name, application);
        // An application may have a bean of the fake's name.
        String bean = lifecycle.type().getName() + "#" + name;
        beans.registerSingleton(bean, fake);
        ((DefaultSingletonBeanRegistry) beans).registerDisposableBean(bean, () -> lifecycle.stop(fake));
        return fake;
    }
}
