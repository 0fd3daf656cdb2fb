package dev.cacheproof.junit;

import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/** An annotated field, the test class that it was found in, and whether several tests get one instance of that. */
record TestField(Field field, Class<?> testClass, boolean instanceKept) {

    /** Finds the fields of a test class, and of those that enclose it, without initializing any. */
    static List<TestField> find(Class<? extends Annotation> annotation, TestClasses classes) {
        List<TestField> fields = new ArrayList<>();
        boolean kept = false;
        for (Class<?> type : classes.outwards()) {
            // An instance that is kept for all tests of its class keeps the instances around it, too.
            kept |= classes.kept().contains(type);
            boolean instanceKept = kept;
            AnnotationSupport.findAnnotatedFields(type, annotation, field -> true, HierarchyTraversalMode.TOP_DOWN)
                    .stream()
                    .filter(field -> fields.stream().noneMatch(known -> known.isStatic() && known.field.equals(field)))
                    .forEach(field -> fields.add(new TestField(field, type, instanceKept)));
        }
        return fields;
    }

    /** Names the field among all test classes. */
    String qualifiedName() {
        return field.getDeclaringClass().getSimpleName() + "." + field.getName();
    }

    boolean isStatic() {
        return Modifier.isStatic(field.getModifiers());
    }

    boolean isFinal() {
        return Modifier.isFinal(field.getModifiers());
    }

    /** Says whether more than one test reads it. */
    boolean isShared() {
        return isStatic() || instanceKept;
    }

    @Nullable
    Object value(List<?> instances) {
        try {
            field.setAccessible(true);
            return field.get(owner(instances));
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(this + " cannot be read", impossible);
        }
    }

    void set(List<?> instances, @Nullable Object value) {
        try {
            field.setAccessible(true);
            field.set(owner(instances), value);
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(this + " cannot be assigned", impossible);
        }
    }

    /** Empties the field, unless it holds something else than what was put into it. */
    @SuppressWarnings("ReferenceEquality") // what is equal to a fake is still another one
    void empty(List<?> instances, Object present) {
        if (value(instances) == present) {
            set(instances, null);
        }
    }

    private @Nullable Object owner(List<?> instances) {
        return isStatic()
                ? null
                : instances.stream().filter(testClass::isInstance).findFirst().orElseThrow();
    }

    @Override
    public String toString() {
        return "field " + qualifiedName();
    }
}
