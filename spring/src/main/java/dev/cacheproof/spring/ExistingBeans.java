package dev.cacheproof.spring;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * The beans of a context that exist, by type. A bean that was not needed yet has nothing to make cold. They are asked for many
 * times in each test, and Spring goes through all definitions each time; so what was found holds until a bean appears or
 * ends. Thread-safe.
 */
final class ExistingBeans {

    private final ConfigurableListableBeanFactory beans;
    private final Map<String, Optional<Class<?>>> types = new ConcurrentHashMap<>();
    private volatile @Nullable Found last;

    private ExistingBeans(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    /** Lets what is found in a context be remembered. */
    static void install(ConfigurableListableBeanFactory beans) {
        beans.registerSingleton(ExistingBeans.class.getName(), new ExistingBeans(beans));
    }

    static ExistingBeans of(ConfigurableListableBeanFactory beans) {
        return beans.getSingleton(ExistingBeans.class.getName()) instanceof ExistingBeans installed
                ? installed
                : new ExistingBeans(beans);
    }

    /** Returns them by name; none where the class is not there. To look in vain for a class takes long. */
    Map<String, ?> ofType(String className) {
        return types.computeIfAbsent(className, this::type)
                .<Map<String, ?>>map(this::ofType)
                .orElse(Map.of());
    }

    private Optional<Class<?>> type(String className) {
        ClassLoader loader = beans.getBeanClassLoader();
        return ClassUtils.isPresent(className, loader)
                ? Optional.of(ClassUtils.resolveClassName(className, loader))
                : Optional.empty();
    }

    <T> Map<String, T> ofType(Class<T> type) {
        Map<String, T> existing = new LinkedHashMap<>();
        for (String name : found().names.computeIfAbsent(type, this::names)) {
            existing.put(name, beans.getBean(name, type));
        }
        return existing;
    }

    private List<String> names(Class<?> type) {
        return Stream.of(beans.getBeanNamesForType(type, false, false))
                .filter(beans::containsSingleton)
                .toList();
    }

    private Found found() {
        Found found = last;
        if (found == null || !found.isOf(beans)) {
            // Taken before anything is looked for, so that what appears meanwhile is looked for again.
            found = Found.nothing(beans);
            last = found;
        }
        return found;
    }

    /**
     * What was found among some beans.
     *
     * @param factories beans that make others, with the type of these, which they may learn when they make them
     * @param names the names of the beans that exist, by type
     */
    private record Found(
            String[] singletons, Map<FactoryBean<?>, Optional<Class<?>>> factories, Map<Class<?>, List<String>> names) {

        static Found nothing(ConfigurableListableBeanFactory beans) {
            String[] singletons = beans.getSingletonNames();
            Map<FactoryBean<?>, Optional<Class<?>>> factories = new LinkedHashMap<>();
            for (String singleton : singletons) {
                if (beans.getSingleton(singleton) instanceof FactoryBean<?> factory) {
                    factories.put(factory, made(factory));
                }
            }
            return new Found(singletons, factories, new ConcurrentHashMap<>());
        }

        boolean isOf(ConfigurableListableBeanFactory beans) {
            return Arrays.equals(singletons, beans.getSingletonNames())
                    && factories.entrySet().stream()
                            .allMatch(factory -> made(factory.getKey()).equals(factory.getValue()));
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
}
