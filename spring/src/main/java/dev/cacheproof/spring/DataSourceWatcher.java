package dev.cacheproof.spring;

import dev.cacheproof.query.Watching;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanFactory;
import org.springframework.beans.factory.support.MergedBeanDefinitionPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;

/**
 * Watches every data source that Spring makes, under the name of its bean. Where one only passes on what it is asked for, what
 * is behind it is watched: a lazy one is asked to commit transactions that never reach a database.
 *
 * <p>Spring finds it as a bean, and calls it last, as it does with all post-processors of merged definitions: what others put
 * around a data source is there then, and may be a proxy that can be joined. What other post-processors need is made before,
 * and is seen by an {@link Early early} one.
 */
final class DataSourceWatcher implements MergedBeanDefinitionPostProcessor {

    private final ConfigurableListableBeanFactory beans;
    private final WatchedDataSources found;

    /** As which class the application knows a bean. */
    private final Map<String, Class<?>> declared = new ConcurrentHashMap<>();

    private DataSourceWatcher(ConfigurableListableBeanFactory beans, WatchedDataSources found) {
        this.beans = beans;
        this.found = found;
    }

    /** Watches the data sources that a context will make; what is returned fills while it starts. */
    static WatchedDataSources install(ConfigurableListableBeanFactory beans, String context) {
        WatchedDataSources found = WatchedDataSources.of(beans, context);
        DataSourceWatcher last = new DataSourceWatcher(beans, found);
        beans.addBeanPostProcessor(new Early((AbstractBeanFactory) beans, last));
        beans.registerSingleton(DataSourceWatcher.class.getName(), last);
        return found;
    }

    /** Stands in until the other is installed. Added by hand, and not as a bean: beans are looked for later. */
    private record Early(AbstractBeanFactory beans, DataSourceWatcher last)
            implements MergedBeanDefinitionPostProcessor {

        @Override
        public void postProcessMergedBeanDefinition(RootBeanDefinition definition, Class<?> type, String beanName) {
            if (isAlone()) {
                last.postProcessMergedBeanDefinition(definition, type, beanName);
            }
        }

        @Override
        public Object postProcessAfterInitialization(Object bean, String beanName) {
            return isAlone() ? last.postProcessAfterInitialization(bean, beanName) : bean;
        }

        private boolean isAlone() {
            return !beans.getBeanPostProcessors().contains(last);
        }
    }

    @Override
    public void postProcessMergedBeanDefinition(RootBeanDefinition definition, Class<?> type, String beanName) {
        if (DataSource.class.isAssignableFrom(type)) {
            Method factory = definition.getResolvedFactoryMethod();
            Class<?> given = definition.hasBeanClass() ? definition.getBeanClass() : type;
            declared.put(beanName, factory == null ? given : factory.getReturnType());
        }
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (!(bean instanceof DataSource dataSource)) {
            return bean;
        }
        String name = shownName(beanName);
        if (watchInPlace(name, dataSource)) {
            return bean;
        }
        Class<?> needed = declared.getOrDefault(beanName, DataSource.class);
        if (WatchingProxy.isPossible(dataSource, needed)) {
            return watchAround(name, dataSource);
        }
        found.left(name, dataSource.getClass());
        return bean;
    }

    /** A child may hide a bean of its parent, which goes on to be used by the parent's beans. */
    private String shownName(String beanName) {
        String name =
                ScopedProxyUtils.isScopedTarget(beanName) ? ScopedProxyUtils.getOriginalBeanName(beanName) : beanName;
        BeanFactory parent = beans.getParentBeanFactory();
        return parent != null && parent.containsBean(name) ? name + " (child context)" : name;
    }

    /** Returns true where every query is seen, although the data source stays the object that it is. */
    private boolean watchInPlace(String name, DataSource dataSource) {
        if (dataSource instanceof ScopedObject) {
            return true;
        }
        if (WatchingProxy.isOne(dataSource)) {
            // Another context may have put it there, into what both have.
            Watching.share(found.application(), dataSource);
            return true;
        }
        String joined = Watching.join(name, found.application(), dataSource);
        if (joined != null) {
            found.watched(joined);
            return true;
        }
        return Libraries.JDBC
                && DelegatingDataSources.watchBehind(
                        dataSource, target -> watchInPlace(name, target), target -> watchAround(name, target));
    }

    private DataSource watchAround(String name, DataSource dataSource) {
        found.watched(name);
        return WatchingProxy.of(dataSource, Watching.watch(name, found.application(), dataSource));
    }
}
