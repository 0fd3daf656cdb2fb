package dev.cacheproof.spring;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.List;
import org.springframework.cache.interceptor.BasicOperation;
import org.springframework.cache.jcache.interceptor.JCacheOperation;
import org.springframework.cache.jcache.interceptor.JCacheOperationSource;

/** The annotations of JSR 107. Loads only where they are. */
record JCacheDeclarations(JCacheOperationSource source) implements DeclaredCaches.Declarations {

    static List<JCacheDeclarations> in(ExistingBeans existing) {
        return existing.ofType(JCacheOperationSource.class).values().stream()
                .map(JCacheDeclarations::new)
                .toList();
    }

    @Override
    public Collection<? extends BasicOperation> of(Method method, Class<?> type) {
        JCacheOperation<?> found = source.getCacheOperation(method, type);
        return found == null ? List.of() : List.of(found);
    }
}
