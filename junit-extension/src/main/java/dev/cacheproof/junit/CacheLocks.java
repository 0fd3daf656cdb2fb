package dev.cacheproof.junit;

import java.lang.reflect.Method;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLocksProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Locks, for each test, the caches that it resets and others may share. Asked for methods alone: a lock of a class would
 * keep all its tests on one thread.
 */
final class CacheLocks implements ResourceLocksProvider {

    private static final String PREFIX = "dev.cacheproof.cache:";

    @Override
    public Set<Lock> provideForMethod(List<Class<?>> enclosingInstanceTypes, Class<?> testClass, Method testMethod) {
        try {
            Set<Lock> locks = new LinkedHashSet<>();
            IsolationPlan.of(TestClasses.declared(enclosingInstanceTypes, testClass), testMethod)
                    .ifPresent(plan -> {
                        plan.locks().forEach(id -> locks.add(lock(id)));
                        if (AnnotationSupport.isAnnotated(testMethod, TestFactory.class)) {
                            // A factory's dynamic tests share one instance. Any lock keeps them on one thread.
                            locks.add(lock(testClass.getName() + "." + testMethod.getName()));
                        }
                    });
            return locks;
        } catch (IllegalStateException brokenRegistrar) {
            // Thrown here it would stop the discovery of all tests; each isolated test will fail with it instead.
            return Set.of();
        }
    }

    private static Lock lock(String name) {
        return new Lock(PREFIX + name, ResourceAccessMode.READ_WRITE);
    }
}
