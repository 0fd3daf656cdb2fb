package dev.cacheproof.spring;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * A look at the beans of a context by their types. A bean that was not needed yet has nothing to make cold. They are asked for
 * many times in each test, and Spring goes through all definitions each time; so what one look has found serves the next, until
 * a bean appears or ends. Thread-safe.
 */
final class ExistingBeans {

    private final ConfigurableListableBeanFactory beans;
    private final int definitions;
    private final String[] singletons;

    /** By the order of the names; null for one that is listed while it is still being made. */
    private final @Nullable Object[] instances;

    /** Those that make other beans, with the type of these, which they may learn when they make them. */
    private final Map<FactoryBean<?>, Optional<Class<?>>> factories = new LinkedHashMap<>();

    private final Map<Class<?>, List<String>> names = new ConcurrentHashMap<>();

    /** Taken before anything is looked for, so that what appears meanwhile is looked for again. */
    private ExistingBeans(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
        this.definitions = beans.getBeanDefinitionCount();
        this.singletons = beans.getSingletonNames();
        this.instances = new Object[singletons.length];
        for (int i = 0; i < singletons.length; i++) {
            instances[i] = finished(singletons[i]);
            if (instances[i] instanceof FactoryBean<?> factory) {
                factories.put(factory, made(factory));
            }
        }
    }

    /** What is kept in a context between two looks. */
    private static final class Memory {
        private final Map<String, Optional<Class<?>>> types = new ConcurrentHashMap<>();
        private volatile @Nullable ExistingBeans last;
    }

    /** Lets what is found in a context be remembered. */
    static void install(ConfigurableListableBeanFactory beans) {
        beans.registerSingleton(Memory.class.getName(), new Memory());
    }

    /** Looks at the beans that there are now. */
    static ExistingBeans of(ConfigurableListableBeanFactory beans) {
        Memory memory = memory(beans);
        ExistingBeans last = memory.last;
        if (last == null || !last.isCurrent()) {
            last = new ExistingBeans(beans);
            memory.last = last;
        }
        return last;
    }

    private static Memory memory(ConfigurableListableBeanFactory beans) {
        return beans.getSingleton(Memory.class.getName()) instanceof Memory installed ? installed : new Memory();
    }

    ConfigurableListableBeanFactory beans() {
        return beans;
    }

    /** Returns those of a class by name; none where the class is not there. To look in vain for a class takes long. */
    Map<String, ?> ofType(String className) {
        return memory(beans)
                .types
                .computeIfAbsent(className, this::type)
                .<Map<String, ?>>map(this::ofType)
                .orElse(Map.of());
    }

    private Optional<Class<?>> type(String className) {
        ClassLoader loader = beans.getBeanClassLoader();
        return ClassUtils.isPresent(className, loader)
                ? Optional.of(ClassUtils.resolveClassName(className, loader))
                : Optional.empty();
    }

    /** Returns those of a type by name, in a map that the caller may change. */
    <T> Map<String, T> ofType(Class<T> type) {
        Map<String, T> existing = new LinkedHashMap<>();
        for (String name : names(type)) {
            Object bean = beans.containsSingleton(name) ? beans.getBean(name) : null;
            // For a bean that is null, Spring has an object of another type.
            if (type.isInstance(bean)) {
                existing.put(name, type.cast(bean));
            }
        }
        return existing;
    }

    /** Returns the names of the beans of a type that exist or are defined. */
    List<String> names(Class<?> type) {
        return names.computeIfAbsent(type, wanted -> List.of(beans.getBeanNamesForType(wanted, false, false)));
    }

    @SuppressWarnings("ReferenceEquality") // two beans that are equal are still two
    private boolean isCurrent() {
        return definitions == beans.getBeanDefinitionCount()
                && singletons.length == beans.getSingletonCount()
                && IntStream.range(0, singletons.length).allMatch(i -> finished(singletons[i]) == instances[i])
                && factories.entrySet().stream()
                        .allMatch(factory -> made(factory.getKey()).equals(factory.getValue()));
    }

    /** Asked for one that is still being made, Spring would show it before its time. */
    private @Nullable Object finished(String singleton) {
        return beans.containsSingleton(singleton) ? beans.getSingleton(singleton) : null;
    }

    /** As Spring asks: a factory that fails to answer does not know. */
    private static Optional<Class<?>> made(FactoryBean<?> factory) {
        try {
            return Optional.ofNullable(factory.getObjectType());
        } catch (RuntimeException | LinkageError unknown) {
            return Optional.empty();
        }
    }
}
