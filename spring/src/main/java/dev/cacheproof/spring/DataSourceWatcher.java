package dev.cacheproof.spring;

import dev.cacheproof.query.QueryCounter;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import javax.sql.DataSource;
import org.aopalliance.intercept.MethodInterceptor;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.util.ClassUtils;

/** Watches every data source that Spring makes. */
final class DataSourceWatcher implements BeanPostProcessor {

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (!(bean instanceof DataSource dataSource)) {
            return bean;
        }
        DataSource watched = QueryCounter.watch(beanName, dataSource);
        return watched == dataSource || Modifier.isFinal(bean.getClass().getModifiers())
                ? watched
                : ofItsClass(dataSource, watched);
    }

    /** An application may ask for its pool by the pool's class. */
    private static Object ofItsClass(DataSource dataSource, DataSource watched) {
        ProxyFactory proxies = new ProxyFactory(dataSource);
        proxies.setProxyTargetClass(true);
        proxies.addAdvice((MethodInterceptor) call -> {
            Method ofDataSource = ClassUtils.getMethodIfAvailable(
                    DataSource.class,
                    call.getMethod().getName(),
                    call.getMethod().getParameterTypes());
            return ofDataSource == null
                    ? call.proceed()
                    : AopUtils.invokeJoinpointUsingReflection(watched, ofDataSource, call.getArguments());
        });
        return proxies.getProxy(dataSource.getClass().getClassLoader());
    }
}
