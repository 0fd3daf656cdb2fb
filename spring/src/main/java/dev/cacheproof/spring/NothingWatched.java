package dev.cacheproof.spring;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/** Why no data source of a context is watched. */
final class NothingWatched {

    /** Said where a context is not watched at all. */
    static final String OFF = "cacheproof.mode was off when a Spring context was started";

    private static final String REACTIVE = "io.r2dbc.spi.ConnectionFactory";

    private NothingWatched() {}

    /** Returns what is to be told; empty where a data source is watched, here or in a parent. */
    static List<String> reasons(ConfigurableListableBeanFactory beans, WatchedDataSources dataSources) {
        if (!dataSources.names().isEmpty()) {
            return List.of();
        }
        List<String> names =
                List.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, DataSource.class, true, false));
        if (names.isEmpty()) {
            return List.of(noBean(beans));
        }
        List<String> reasons = new ArrayList<>(dataSources.left());
        for (String name : names) {
            if (beans.containsBeanDefinition(name)
                    && beans.getMergedBeanDefinition(name).isSingleton()
                    && !beans.containsSingleton(name)) {
                reasons.add("DataSource bean \"" + name + "\" is lazy, and nothing has asked for it yet");
            } else if (beans.containsSingleton(name) && !beans.containsBeanDefinition(name)) {
                reasons.add("DataSource bean \"" + name
                        + "\" was registered ready-made, as mocks are, and is shown to no post-processor");
            }
        }
        return reasons;
    }

    private static String noBean(ConfigurableListableBeanFactory beans) {
        List<String> reactive = reactive(beans);
        return reactive.isEmpty()
                ? "a Spring context has no DataSource bean, as that of @WebMvcTest has none, and one that is made by hand is not seen"
                : "a Spring context has no DataSource bean, but the R2DBC ConnectionFactory \""
                        + String.join("\", \"", reactive) + "\": only JDBC is watched";
    }

    private static List<String> reactive(ConfigurableListableBeanFactory beans) {
        ClassLoader loader = beans.getBeanClassLoader();
        return ClassUtils.isPresent(REACTIVE, loader)
                ? Stream.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(
                                beans, ClassUtils.resolveClassName(REACTIVE, loader), true, false))
                        .toList()
                : List.of();
    }
}
