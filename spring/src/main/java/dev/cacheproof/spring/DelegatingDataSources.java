package dev.cacheproof.spring;

import java.lang.reflect.Field;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.util.ReflectionUtils;

/** The data sources of Spring that pass on what they are asked for. Loads only where they are. */
final class DelegatingDataSources {

    private DelegatingDataSources() {}

    /**
     * Watches what is behind a data source.
     *
     * @param dataSource any data source
     * @param inPlace watches a data source that stays the object that it is, if it can be
     * @param around makes what takes the place of one that cannot
     * @return true if all that goes through the data source is watched behind it
     */
    static boolean watchBehind(DataSource dataSource, Predicate<DataSource> inPlace, UnaryOperator<DataSource> around) {
        if (!(dataSource instanceof DelegatingDataSource delegating)
                || !passesOn(AopUtils.getTargetClass(dataSource))) {
            return false;
        }
        DataSource target = delegating.getTargetDataSource();
        if (target == null) {
            return false;
        }
        if (!inPlace.test(target)) {
            // Transactions are bound to the very object that a transaction-aware data source has.
            if (dataSource instanceof TransactionAwareDataSourceProxy) {
                return false;
            }
            delegating.setTargetDataSource(around.apply(target));
        }
        if (dataSource instanceof LazyConnectionDataSourceProxy lazy) {
            DataSource readOnly = readOnlyDataSource(lazy);
            if (readOnly != null && !inPlace.test(readOnly)) {
                lazy.setReadOnlyDataSource(around.apply(readOnly));
            }
        }
        return true;
    }

    /** A subclass of the application may take its connections from anywhere. */
    private static boolean passesOn(Class<?> type) {
        return Stream.of(
                        ReflectionUtils.findMethod(type, "getConnection"),
                        ReflectionUtils.findMethod(type, "getConnection", String.class, String.class),
                        ReflectionUtils.findMethod(type, "getTargetDataSource"),
                        ReflectionUtils.findMethod(type, "obtainTargetDataSource"))
                .allMatch(method -> method != null
                        && method.getDeclaringClass().getPackage().equals(DelegatingDataSource.class.getPackage()));
    }

    /** It can be set, but not asked for. */
    private static @Nullable DataSource readOnlyDataSource(LazyConnectionDataSourceProxy lazy) {
        Field field = ReflectionUtils.findField(LazyConnectionDataSourceProxy.class, "readOnlyDataSource");
        if (field == null) {
            return null;
        }
        field.setAccessible(true);
        return (DataSource) ReflectionUtils.getField(
                field, AopProxyUtils.getSingletonTarget(lazy) instanceof DataSource behind ? behind : lazy);
    }
}
