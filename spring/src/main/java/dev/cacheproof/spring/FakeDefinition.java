package dev.cacheproof.spring;

import dev.cacheproof.junit.Fake;
import java.lang.reflect.Field;
import java.util.Set;
import java.util.TreeSet;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.springframework.test.context.TestContextAnnotationUtils;

/**
 * A fake that test classes want their context to be connected to. Classes that want the same share a context, so nothing of
 * the class is in it.
 *
 * @param type the type of the field
 * @param name the name of the fake
 */
record FakeDefinition(Class<?> type, String name) implements Comparable<FakeDefinition> {

    /** Finds the fields of a test class, and of those around it whose context it shares. */
    static Set<FakeDefinition> of(Class<?> testClass) {
        Set<FakeDefinition> found = new TreeSet<>();
        AnnotationSupport.findAnnotatedFields(testClass, Fake.class, field -> true, HierarchyTraversalMode.TOP_DOWN)
                .forEach(field -> found.add(of(field)));
        Class<?> around = testClass.getEnclosingClass();
        if (around != null && TestContextAnnotationUtils.searchEnclosingClass(testClass)) {
            found.addAll(of(around));
        }
        return found;
    }

    private static FakeDefinition of(Field field) {
        String given = AnnotationSupport.findAnnotation(field, Fake.class)
                .orElseThrow()
                .value();
        return new FakeDefinition(field.getType(), given.isEmpty() ? field.getName() : given);
    }

    @Override
    public int compareTo(FakeDefinition other) {
        int byName = name.compareTo(other.name);
        return byName != 0 ? byName : type.getName().compareTo(other.type.getName());
    }
}
