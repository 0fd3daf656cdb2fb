package dev.cacheproof.spring;

import dev.cacheproof.junit.ApplicationSource;
import dev.cacheproof.junit.TestApplication;
import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.springframework.test.context.BootstrapUtils;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.TestContextBootstrapper;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * Finds the context that Spring starts for a test class. Found by {@link java.util.ServiceLoader}; thread-safe.
 *
 * @since 0.1
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class SpringContexts implements ApplicationSource {

    /** Asked for each test method, and it takes Spring a search of the class path to tell. */
    private static final ClassValue<Contexts> CONTEXTS = new ClassValue<>() {
        @Override
        protected Contexts computeValue(Class<?> testClass) {
            try {
                TestContextBootstrapper bootstrapper = BootstrapUtils.resolveTestContextBootstrapper(testClass);
                return Contexts.of(bootstrapper.buildMergedContextConfiguration());
            } catch (RuntimeException | LinkageError broken) {
                // The tests of the class will fail with it. Thrown here it would stop the discovery of all tests.
                return new Contexts("Spring context of " + testClass.getName(), Set.of());
            }
        }
    };

    /** Asked several times for each test. */
    private static final ClassValue<Boolean> HAS_CONTEXT = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> testClass) {
            boolean extended = AnnotationSupport.findRepeatableAnnotations(testClass, ExtendWith.class).stream()
                    .flatMap(annotation -> List.of(annotation.value()).stream())
                    .anyMatch(SpringExtension.class::equals);
            if (extended) {
                return true;
            }
            Class<?> around = testClass.getEnclosingClass();
            return around != null && TestContextAnnotationUtils.searchEnclosingClass(testClass) && get(around);
        }
    };

    /**
     * The context of a test class.
     *
     * @param lockId names the root of its hierarchy
     * @param reach names it and those around it; empty where these are not known
     */
    private record Contexts(String lockId, Set<String> reach) {

        static Contexts of(MergedContextConfiguration configuration) {
            Set<String> reach = new HashSet<>();
            for (MergedContextConfiguration each = configuration; each != null; each = each.getParent()) {
                reach.add(SpringContexts.id(each));
            }
            return new Contexts(SpringContexts.lockId(configuration), Set.copyOf(reach));
        }
    }

    /** Creates the source; called by the JUnit extension. */
    public SpringContexts() {}

    /** Names what tests lock: contexts of one hierarchy share the caches of its root. */
    static String lockId(MergedContextConfiguration configuration) {
        MergedContextConfiguration parent = configuration.getParent();
        return parent == null ? id(configuration) : lockId(parent);
    }

    /** Contexts are equal where their configurations are. Where two share a hash code, their tests wait needlessly. */
    static String id(MergedContextConfiguration configuration) {
        return "Spring context " + Integer.toHexString(configuration.hashCode());
    }

    @Override
    public @Nullable String lockId(Class<?> testClass) {
        return HAS_CONTEXT.get(testClass) ? CONTEXTS.get(testClass).lockId() : null;
    }

    @Override
    public Set<String> reach(Class<?> testClass) {
        if (!HAS_CONTEXT.get(testClass)) {
            return Set.of();
        }
        Set<String> reach = new HashSet<>(CONTEXTS.get(testClass).reach());
        reach.addAll(reachAround(testClass));
        return reach;
    }

    /** A nested class may have a context of its own, and uses the beans of the classes around it, too. */
    static Set<String> reachAround(Class<?> testClass) {
        Set<String> reach = new HashSet<>();
        for (Class<?> inner = testClass; !Modifier.isStatic(inner.getModifiers()); ) {
            Class<?> around = inner.getEnclosingClass();
            if (around == null) {
                break;
            }
            if (HAS_CONTEXT.get(around)) {
                reach.addAll(CONTEXTS.get(around).reach());
            }
            inner = around;
        }
        return reach;
    }

    @Override
    public @Nullable TestApplication application(ExtensionContext context) {
        if (context.getTestClass().filter(HAS_CONTEXT::get).isEmpty()) {
            return null;
        }
        return WatchedContext.of(SpringExtension.getApplicationContext(context));
    }
}
