package dev.cacheproof.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.cache.CacheManager;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;

class ExistingBeansTests {

    private final List<Class<?>> searches = new ArrayList<>();

    private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory() {
        @Override
        public String[] getBeanNamesForType(@Nullable Class<?> type, boolean nonSingletons, boolean eager) {
            searches.add(type);
            return super.getBeanNamesForType(type, nonSingletons, eager);
        }
    };

    @BeforeEach
    void install() {
        ExistingBeans.install(beans);
    }

    private ExistingBeans existing() {
        return ExistingBeans.of(beans);
    }

    private void define(String name) {
        RootBeanDefinition lazy = new RootBeanDefinition(ConcurrentMapCacheManager.class);
        lazy.setLazyInit(true);
        beans.registerBeanDefinition(name, lazy);
    }

    @Test
    void aBeanIsFoundOnceItExistsAndMadeByNoSearch() {
        define("lazy");
        assertThat(existing().ofType(CacheManager.class)).isEmpty();
        assertThat(beans.containsSingleton("lazy")).isFalse();

        Object made = beans.getBean("lazy");

        assertThat(existing().ofType(CacheManager.class).get("lazy")).isSameAs(made);
    }

    @Test
    void whatIsKnownIsNotSearchedAgain() {
        define("first");
        beans.getBean("first");
        searches.clear();

        assertThat(existing().ofType(CacheManager.class)).containsOnlyKeys("first");
        assertThat(existing().ofType(CacheManager.class)).containsOnlyKeys("first");
        assertThat(existing().ofType(String.class)).isEmpty();
        assertThat(searches).containsExactly(CacheManager.class, String.class);
    }

    /** Their number is the same as before. */
    @Test
    void oneThatAppearsWhileAnotherEndsIsFound() {
        define("first");
        define("second");
        beans.getBean("first");
        assertThat(existing().ofType(CacheManager.class)).containsOnlyKeys("first");

        beans.destroySingleton("first");
        beans.getBean("second");

        assertThat(existing().ofType(CacheManager.class)).containsOnlyKeys("second");
    }

    @Test
    void oneThatWasReplacedIsTheNewOne() {
        define("first");
        Object old = beans.getBean("first");
        assertThat(existing().ofType(CacheManager.class).get("first")).isSameAs(old);

        beans.destroySingleton("first");
        Object made = beans.getBean("first");

        assertThat(existing().ofType(CacheManager.class).get("first")).isSameAs(made);
    }

    /** Spring's own factories of proxies learn what they make when they make it. */
    @Test
    void whatAFactoryLearnsToMakeIsFound() {
        AtomicReference<CacheManager> product = new AtomicReference<>();
        beans.registerSingleton("factory", new LearningFactory(product));
        assertThat(existing().ofType(CacheManager.class)).isEmpty();

        product.set(new ConcurrentMapCacheManager());

        assertThat(existing().ofType(CacheManager.class).get("factory")).isSameAs(product.get());
    }

    private record LearningFactory(AtomicReference<CacheManager> product) implements FactoryBean<CacheManager> {

        @Override
        public CacheManager getObject() {
            return product.get();
        }

        @Override
        public @Nullable Class<?> getObjectType() {
            return product.get() == null ? null : product.get().getClass();
        }
    }

    @Test
    void aFactoryThatCannotTellWhatItMakesHidesNoOther() {
        beans.registerSingleton("broken", new FactoryBean<CacheManager>() {
            @Override
            public CacheManager getObject() {
                throw new IllegalStateException("not configured");
            }

            @Override
            public Class<?> getObjectType() {
                throw new IllegalStateException("not configured");
            }
        });
        beans.registerSingleton("manager", new ConcurrentMapCacheManager());

        assertThat(existing().ofType(CacheManager.class)).containsOnlyKeys("manager");
    }

    /** As a method returns that makes a bean only under a condition. Spring finds it by its type all the same. */
    @Test
    void aBeanThatIsNullIsNone() {
        beans.registerBeanDefinition("none", new RootBeanDefinition(CacheManager.class, () -> null));
        beans.getBean("none");

        assertThat(existing().ofType(CacheManager.class)).isEmpty();
        assertThat(existing().ofType(CacheManager.class.getName())).isEmpty();
    }

    @Test
    void ofALibraryThatIsNotThereNothingExists() {
        beans.registerSingleton("manager", new ConcurrentMapCacheManager());

        assertThat(existing().ofType("org.example.Absent")).isEmpty();
        assertThat(existing().ofType(CacheManager.class.getName())).containsOnlyKeys("manager");
    }
}
