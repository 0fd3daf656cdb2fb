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
 * when they are asked for makes one for a typo, too. Other names may be known to code alone; so what is no typo is believed.
 *
 * @param names the names
 */
record DeclaredCaches(Set<String> names) {

    private static final int MOST_TYPOS = 2;

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
            if (type == null) {
                continue;
            }
            for (Method method : methods(type)) {
                declarations.forEach(each -> operations.addAll(each.of(method, type)));
            }
        }
        Set<String> names = new HashSet<>();
        operations.forEach(operation -> names.addAll(operation.getCacheNames()));
        return new DeclaredCaches(names);
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

    /** Says whether a name is none that is declared, but looks like one. */
    boolean hasTypo(String name) {
        return !names.contains(name)
                && names.stream()
                        .anyMatch(declared ->
                                declared.length() > 2 * MOST_TYPOS && distance(name, declared) <= MOST_TYPOS);
    }

    /** How many letters to insert, leave out, replace or swap with the next make one word of the other. */
    private static int distance(String one, String other) {
        int[][] distances = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    distances[i][j] = i + j;
                    continue;
                }
                int replaced = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                distances[i][j] = Math.min(
                        distances[i - 1][j - 1] + replaced, Math.min(distances[i - 1][j], distances[i][j - 1]) + 1);
                boolean swapped = i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1);
                if (swapped) {
                    distances[i][j] = Math.min(distances[i][j], distances[i - 2][j - 2] + 1);
                }
            }
        }
        return distances[one.length()][other.length()];
    }
}
