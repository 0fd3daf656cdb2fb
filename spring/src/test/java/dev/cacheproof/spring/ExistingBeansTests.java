package dev.cacheproof.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.InitializingBean;
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

    /** The order of the names is the same as before, too. */
    @Test
    void oneThatTakesTheNameOfAnotherIsFound() {
        beans.registerSingleton("any", "no manager");
        assertThat(existing().ofType(CacheManager.class)).isEmpty();

        beans.destroySingleton("any");
        beans.registerSingleton("any", new ConcurrentMapCacheManager());
        assertThat(existing().ofType(CacheManager.class)).containsOnlyKeys("any");

        beans.destroySingleton("any");
        beans.registerSingleton("any", "no manager");
        assertThat(existing().names(CacheManager.class)).isEmpty();
    }

    @Test
    void oneThatIsDefinedLaterIsNamed() {
        assertThat(existing().names(CacheManager.class)).isEmpty();

        define("lazy");

        assertThat(existing().names(CacheManager.class)).containsExactly("lazy");
    }

    /** Spring lists it while it is being made, and shows it to no other thread yet. */
    @Test
    void aFactoryThatWasBeingMadeDuringALookIsFoundOnceItIsThere() {
        beans.registerBeanDefinition(
                "factory", new RootBeanDefinition(SlowFactory.class, () -> new SlowFactory(this::lookElsewhere)));

        beans.getBean("factory");

        assertThat(existing().ofType(CacheManager.class)).containsOnlyKeys("factory");
    }

    private void lookElsewhere() throws Exception {
        FutureTask<Boolean> look =
                new FutureTask<>(() -> existing().ofType(CacheManager.class).isEmpty());
        new Thread(look).start();
        assertThat(look.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(beans.getSingletonNames()).contains("factory");
    }

    /** Knows what it makes when it has been made. */
    private static final class SlowFactory implements FactoryBean<CacheManager>, InitializingBean {

        private interface Meanwhile {
            void run() throws Exception;
        }

        private final Meanwhile meanwhile;
        private @Nullable CacheManager product;

        SlowFactory(Meanwhile meanwhile) {
            this.meanwhile = meanwhile;
        }

        @Override
        public void afterPropertiesSet() throws Exception {
            meanwhile.run();
            product = new ConcurrentMapCacheManager();
        }

        @Override
        public @Nullable CacheManager getObject() {
            return product;
        }

        @Override
        public @Nullable Class<?> getObjectType() {
            return product == null ? null : product.getClass();
        }
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
