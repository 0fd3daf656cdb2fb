package dev.cacheproof.spring;

import org.springframework.util.ClassUtils;

/** Which libraries an application has. A class that adapts one is loaded only where its library is. */
final class Libraries {

    static final boolean CAFFEINE = isPresent("com.github.benmanes.caffeine.cache.Cache")
            && isPresent("org.springframework.cache.caffeine.CaffeineCache");
    static final boolean JCACHE =
            isPresent("javax.cache.Cache") && isPresent("org.springframework.cache.jcache.JCacheCache");
    static final boolean TRANSACTIONAL_CACHES =
            isPresent("org.springframework.cache.transaction.TransactionAwareCacheDecorator");
    static final boolean REDIS = isPresent("org.springframework.data.redis.cache.RedisCache");
    static final boolean LETTUCE = REDIS && isPresent("io.lettuce.core.event.command.CommandListener");
    static final boolean JEDIS = REDIS && isPresent("redis.clients.jedis.Jedis");
    static final boolean JDBC = isPresent("org.springframework.jdbc.datasource.DelegatingDataSource");
    static final boolean TRANSACTIONS =
            isPresent("org.springframework.transaction.support.TransactionSynchronizationManager");
    static final boolean HIBERNATE = isPresent("org.hibernate.engine.spi.SessionFactoryImplementor");
    static final boolean HIBERNATE_SESSIONS =
            HIBERNATE && TRANSACTIONS && isPresent("org.springframework.orm.jpa.EntityManagerHolder");
    static final boolean SERVLETS =
            isPresent("jakarta.servlet.Filter") && isPresent("org.springframework.web.filter.OncePerRequestFilter");
    static final boolean REST_CLIENTS = isPresent("org.springframework.web.client.RestTemplate");
    static final boolean WEB_CLIENT = isPresent("org.springframework.web.reactive.function.client.WebClient");

    private Libraries() {}

    private static boolean isPresent(String className) {
        return ClassUtils.isPresent(className, Libraries.class.getClassLoader());
    }
}
