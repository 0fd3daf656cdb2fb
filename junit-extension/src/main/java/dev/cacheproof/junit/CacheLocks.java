package dev.cacheproof.junit;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLocksProvider;

/**
 * Locks, for each test, the caches that it resets and others may share. Asked for methods alone: a lock of a class would
 * keep all its tests on one thread.
 */
final class CacheLocks implements ResourceLocksProvider {

    private static final String PREFIX = "dev.cacheproof.cache:";

    @Override
    public Set<Lock> provideForMethod(List<Class<?>> enclosingInstanceTypes, Class<?> testClass, Method testMethod) {
        try {
            return IsolationPlan.of(testClass, testMethod).map(IsolationPlan::locks).orElse(Set.of()).stream()
                    .map(id -> new Lock(PREFIX + id, ResourceAccessMode.READ_WRITE))
                    .collect(Collectors.toSet());
        } catch (IllegalStateException brokenRegistrar) {
            // Thrown here it would stop the discovery of all tests; each isolated test will fail with it instead.
            return Set.of();
        }
    }
}
