package dev.cacheproof.spring;

import java.util.Map;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.data.redis.cache.RedisCacheConfiguration;

/** Puts a context's own prefix before the keys of its caches, on a server that others use. */
record RedisPrefix(String prefix) implements BeanPostProcessor {

    private static final String PROPERTY = "spring.cache.redis.key-prefix";

    /** The test's own properties must be known, since the application's prefix follows ours. */
    static void install(String prefix, ConfigurableApplicationContext context) {
        context.getBeanFactory().addBeanPostProcessor(new RedisPrefix(prefix));
        ConfigurableEnvironment environment = context.getEnvironment();
        context.addBeanFactoryPostProcessor(beans -> environment
                .getPropertySources()
                .addFirst(new MapPropertySource("cacheproof prefix", properties(prefix, environment))));
    }

    /** What lets Spring Boot put it there. */
    private static Map<String, Object> properties(String prefix, Environment environment) {
        return Map.of(
                PROPERTY, prefix + environment.getProperty(PROPERTY, ""), "spring.cache.redis.use-key-prefix", "true");
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        return bean instanceof RedisCacheConfiguration configuration
                ? configuration.computePrefixWith(
                        cache -> prefix + (configuration.usePrefix() ? configuration.getKeyPrefixFor(cache) : ""))
                : bean;
    }
}
