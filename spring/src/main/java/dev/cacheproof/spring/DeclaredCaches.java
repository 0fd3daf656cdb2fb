package dev.cacheproof.spring;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.interceptor.BasicOperation;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * The names of caches that the methods of a context's beans declare, as with {@code @Cacheable}. A manager that makes caches
 * when they are asked for makes one for a typo, too.
 *
 * @param names the names
 * @param areAll false where caches are named by something else as well, or by nothing that could be looked at
 */
record DeclaredCaches(Set<String> names, boolean areAll) {

    /** What knows the annotations of one sort. */
    @FunctionalInterface
    interface Declarations {
        Collection<? extends BasicOperation> of(Method method, Class<?> type);
    }

    static DeclaredCaches of(ExistingBeans existing) {
        List<Declarations> declarations = declarations(existing);
        ConfigurableListableBeanFactory beans = existing.beans();
        List<BasicOperation> operations = new ArrayList<>();
        for (String bean : declarations.isEmpty() ? new String[0] : beans.getBeanDefinitionNames()) {
            Class<?> type = type(beans, bean);
            for (Method method : type == null ? new Method[0] : methods(type)) {
                declarations.forEach(each -> operations.addAll(each.of(method, type)));
            }
        }
        Set<String> names = new HashSet<>();
        operations.forEach(operation -> names.addAll(operation.getCacheNames()));
        boolean byResolver = operations.stream()
                .anyMatch(operation -> operation instanceof CacheOperation declared
                        && !declared.getCacheResolver().isEmpty());
        return new DeclaredCaches(names, !names.isEmpty() && !byResolver);
    }

    private static List<Declarations> declarations(ExistingBeans existing) {
        List<Declarations> declarations = new ArrayList<>();
        for (CacheOperationSource source :
                existing.ofType(CacheOperationSource.class).values()) {
            declarations.add((method, type) -> {
                Collection<CacheOperation> found = source.getCacheOperations(method, type);
                return found == null ? List.of() : found;
            });
        }
        if (Libraries.JCACHE) {
            declarations.addAll(JCacheDeclarations.in(existing));
        }
        return declarations;
    }

    /** A bean whose class cannot be told, or loaded, declares nothing that could be read. */
    private static @Nullable Class<?> type(ConfigurableListableBeanFactory beans, String bean) {
        try {
            Class<?> type = AutoProxyUtils.determineTargetClass(beans, bean);
            return type == null ? null : ClassUtils.getUserClass(type);
        } catch (RuntimeException | LinkageError unknown) {
            return null;
        }
    }

    private static Method[] methods(Class<?> type) {
        return type.isInterface() ? type.getMethods() : ReflectionUtils.getUniqueDeclaredMethods(type);
    }

    /** Says whether a cache of a name may be one of the application's. */
    boolean mayInclude(String name) {
        return !areAll || names.contains(name);
    }
}
