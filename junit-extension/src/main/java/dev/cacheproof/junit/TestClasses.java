package dev.cacheproof.junit;

import static org.junit.jupiter.api.TestInstance.Lifecycle.PER_CLASS;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * The class of a test, and those around it.
 *
 * @param enclosing outermost first, as the types of the instances: they may be subclasses of those that the code is nested in
 * @param kept those of them all of which one instance is kept for all their tests
 */
record TestClasses(List<Class<?>> enclosing, Class<?> testClass, Set<Class<?>> kept) {

    /** Asked several times for each test. */
    private static final ClassValue<Boolean> DECLARED_TO_BE_KEPT = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> testClass) {
            return AnnotationSupport.findAnnotation(testClass, TestInstance.class)
                    .map(TestInstance::value)
                    .filter(PER_CLASS::equals)
                    .isPresent();
        }
    };

    /** Says what the annotations say: while tests are discovered, nobody can ask for the default of the run. */
    static TestClasses declared(List<Class<?>> enclosing, Class<?> testClass) {
        TestClasses classes = new TestClasses(enclosing, testClass, new HashSet<>());
        classes.outwards().stream().filter(DECLARED_TO_BE_KEPT::get).forEach(classes.kept::add);
        return classes;
    }

    /** Finds the classes of a test, or of a test class, that runs. */
    static TestClasses of(ExtensionContext context) {
        List<Class<?>> all = new ArrayList<>();
        Set<Class<?>> kept = new HashSet<>();
        // Not by getEnclosingTestClasses: in JUnit 5.12, an invocation of a template has none.
        for (ExtensionContext each = context;
                each != null;
                each = each.getParent().orElse(null)) {
            Class<?> type = each.getTestClass().orElse(null);
            if (type != null && !all.contains(type)) {
                all.add(0, type);
            }
            if (type != null
                    && each.getTestInstanceLifecycle().filter(PER_CLASS::equals).isPresent()) {
                kept.add(type);
            }
        }
        int last = all.size() - 1;
        return new TestClasses(List.copyOf(all.subList(0, last)), all.get(last), kept);
    }

    /** Returns the same classes, with what is known of them while tests are discovered. */
    TestClasses asDeclared() {
        return declared(enclosing, testClass);
    }

    /** Returns all of them, innermost first. */
    List<Class<?>> outwards() {
        List<Class<?>> all = new ArrayList<>();
        all.add(testClass);
        for (int i = enclosing.size() - 1; i >= 0; i--) {
            all.add(enclosing.get(i));
        }
        return all;
    }
}
