package dev.cacheproof.spring;

import static dev.cacheproof.query.QueryAssertions.assertNoRemoteAccess;
import static dev.cacheproof.query.QueryAssertions.assertNumQueries;
import static dev.cacheproof.query.QueryAssertions.on;
import static dev.cacheproof.spring.WatchedTestContext.query;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.query.Watching;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import net.ttddyy.dsproxy.support.ProxyDataSource;
import net.ttddyy.dsproxy.support.ProxyDataSourceBuilder;
import org.aopalliance.intercept.MethodInterceptor;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.SimpleThreadScope;
import org.springframework.core.Ordered;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/** Each data source of a context is watched, and one query is one query. */
@ResourceLock("unattributed queries")
class DataSourceWatcherTests {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static String url() {
        return "jdbc:h2:mem:watcher-" + NUMBER.incrementAndGet();
    }

    static HikariDataSource pool() {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(url());
        pool.setMinimumIdle(0);
        return pool;
    }

    private static SimpleDriverDataSource simple() {
        return new SimpleDriverDataSource(new org.h2.Driver(), url());
    }

    private static JdbcDataSource ofAFinalClass() {
        JdbcDataSource drivers = new JdbcDataSource();
        drivers.setURL(url());
        return drivers;
    }

    private static void assertCountsOnce(DataSource dataSource) {
        assertNumQueries(2, () -> {
            query(dataSource);
            return query(dataSource);
        });
        on(dataSource).assertNumQueries(1, () -> query(dataSource));
    }

    private static void assertAllCountOnce(Class<?> configuration) {
        try (WatchedTestContext started = WatchedTestContext.of(configuration)) {
            Map<String, DataSource> found = started.context().getBeansOfType(DataSource.class);
            assertThat(found).isNotEmpty();
            found.values().forEach(DataSourceWatcherTests::assertCountsOnce);
        }
    }

    @Test
    void aPoolIsStillFoundByItsClass() throws SQLException {
        try (WatchedTestContext started = WatchedTestContext.of(Pool.class)) {
            HikariDataSource pool = started.get(HikariDataSource.class);
            DataSource asDataSource = started.get(DataSource.class);
            assertThat(asDataSource).isSameAs(pool).isEqualTo(pool).hasSameHashCodeAs(pool);
            assertThat(pool.isWrapperFor(HikariDataSource.class)).isTrue();
            assertThat(pool.unwrap(HikariDataSource.class)).isSameAs(pool);
            assertThat(pool.unwrap(DataSource.class)).isSameAs(pool);
            assertThat(DataSourceUnwrapper.unwrap(asDataSource, HikariDataSource.class))
                    .isSameAs(pool);
            assertCountsOnce(pool);
            assertThat(pool.getHikariPoolMXBean().getTotalConnections()).isEqualTo(1);
        }
    }

    @Test
    void aDataSourceIsStillDerivedFromAPool() {
        try (WatchedTestContext started = WatchedTestContext.of(Pool.class)) {
            HikariDataSource pool = started.get(HikariDataSource.class);
            try (HikariDataSource derived = DataSourceBuilder.derivedFrom(pool)
                    .type(HikariDataSource.class)
                    .username("other")
                    .build()) {
                assertThat(derived.getJdbcUrl()).isEqualTo(pool.getJdbcUrl());
                assertThat(derived.getUsername()).isEqualTo("other");
            }
        }
    }

    @Test
    void aPoolIsClosedWithItsContext() {
        HikariDataSource pool;
        try (WatchedTestContext started = WatchedTestContext.of(Pool.class)) {
            pool = started.get(HikariDataSource.class);
            query(pool);
            assertThat(pool.isRunning()).isTrue();
        }
        assertThat(pool.isClosed()).isTrue();
    }

    @Configuration
    static class Pool {
        @Bean
        HikariDataSource dataSource() {
            return pool();
        }
    }

    @Test
    void countsASimpleDriverDataSourceOnce() {
        assertAllCountOnce(Simple.class);
    }

    @Configuration
    static class Simple {
        @Bean
        SimpleDriverDataSource dataSource() {
            return simple();
        }
    }

    /** As the slices of Spring Boot do. */
    @Test
    void countsAnEmbeddedDatabaseThatReplacesABeanOnce() {
        try (WatchedTestContext started = WatchedTestContext.of(Pool.class, Replacing.class)) {
            assertThat(started.get(DataSource.class)).isInstanceOf(EmbeddedDatabase.class);
            assertCountsOnce(started.get(EmbeddedDatabase.class));
        }
    }

    @Configuration
    static class Replacing {
        @Bean
        static BeanFactoryPostProcessor replacing() {
            return beans -> {
                var registry = (BeanDefinitionRegistry) beans;
                registry.removeBeanDefinition("dataSource");
                registry.registerBeanDefinition("dataSource", new RootBeanDefinition(Embedded.class));
            };
        }
    }

    static final class Embedded implements FactoryBean<EmbeddedDatabase> {
        private final EmbeddedDatabase database = new EmbeddedDatabaseBuilder()
                .generateUniqueName(true)
                .setType(EmbeddedDatabaseType.H2)
                .build();

        @Override
        public EmbeddedDatabase getObject() {
            return database;
        }

        @Override
        public Class<?> getObjectType() {
            return EmbeddedDatabase.class;
        }
    }

    @Test
    void countsWhatDelegatesToABeanOnce() {
        assertAllCountOnce(DelegatingToBeans.class);
    }

    @Configuration
    static class DelegatingToBeans {
        @Bean
        HikariDataSource inner() {
            return pool();
        }

        @Bean
        DataSource delegating(HikariDataSource inner) {
            return new DelegatingDataSource(inner);
        }

        @Bean
        DataSource lazy(DataSource routing) {
            return new LazyConnectionDataSourceProxy(routing);
        }

        @Bean
        DataSource transactionAware(DataSource lazy) {
            return new TransactionAwareDataSourceProxy(lazy);
        }

        @Bean
        AbstractRoutingDataSource routing(HikariDataSource inner) {
            return new Routing(inner);
        }
    }

    private static class Routing extends AbstractRoutingDataSource {
        Routing(DataSource only) {
            setTargetDataSources(Map.of("only", only));
        }

        @Override
        protected Object determineCurrentLookupKey() {
            return "only";
        }
    }

    @Test
    void countsWhatDelegatesToDataSourcesThatAreNoBeansOnce() {
        assertAllCountOnce(DelegatingToOthers.class);
    }

    @Configuration
    static class DelegatingToOthers {
        @Bean
        DataSource delegating() {
            return new DelegatingDataSource(simple());
        }

        @Bean
        LazyConnectionDataSourceProxy lazy() {
            Routing routing = new Routing(new DelegatingDataSource(ofAFinalClass()));
            routing.afterPropertiesSet();
            return new LazyConnectionDataSourceProxy(routing);
        }

        @Bean
        TransactionAwareDataSourceProxy transactionAware() {
            return new TransactionAwareDataSourceProxy(simple());
        }

        @Bean
        DataSource takesItsConnectionsFromElsewhere() {
            SimpleDriverDataSource elsewhere = simple();
            return new DelegatingDataSource(simple()) {
                @Override
                public Connection getConnection() throws SQLException {
                    return elsewhere.getConnection();
                }
            };
        }
    }

    /** It would be asked to commit, and the database not. */
    @Test
    void aLazyDataSourceThatIsNotUsedReachesNoDatabase() {
        try (WatchedTestContext started = WatchedTestContext.of(DelegatingToOthers.class)) {
            DataSource lazy = started.dataSource("lazy");
            var transactions = new TransactionTemplate(new DataSourceTransactionManager(lazy));
            assertNoRemoteAccess(() -> transactions.executeWithoutResult(none -> {}));
        }
    }

    @Test
    void countsTheReadOnlyDataSourceOfALazyOne() {
        try (WatchedTestContext started = WatchedTestContext.of(ReadOnly.class)) {
            DataSource lazy = started.get(DataSource.class);
            var reading = new TransactionTemplate(new DataSourceTransactionManager(lazy));
            reading.setReadOnly(true);
            assertNumQueries(1, () -> reading.execute(transaction -> query(lazy)));
        }
    }

    @Configuration
    static class ReadOnly {
        @Bean
        DataSource lazy() {
            var lazy = new LazyConnectionDataSourceProxy(simple());
            lazy.setReadOnlyDataSource(simple());
            return lazy;
        }
    }

    /** Its target is what the transaction manager knows, too. */
    @Test
    void aTransactionAwareDataSourceStaysInItsTransaction() throws SQLException {
        SimpleDriverDataSource target = simple();
        try (Connection keepsTheDatabase = target.getConnection();
                WatchedTestContext started = WatchedTestContext.of(context ->
                        context.registerBean(DataSource.class, () -> new TransactionAwareDataSourceProxy(target)))) {
            keepsTheDatabase.createStatement().execute("create table kept (id int)");
            JdbcTemplate template = new JdbcTemplate(started.get(DataSource.class));
            new TransactionTemplate(new DataSourceTransactionManager(target)).executeWithoutResult(transaction -> {
                assertNumQueries(1, () -> template.update("insert into kept values (1)"));
                transaction.setRollbackOnly();
            });
            assertThat(template.queryForObject("select count(*) from kept", Integer.class))
                    .isZero();
        }
    }

    @Test
    void countsADataSourceOfAFinalClassOnce() {
        assertAllCountOnce(Final.class);
    }

    @Configuration
    static class Final {
        @Bean
        DataSource dataSource() {
            return ofAFinalClass();
        }
    }

    /** To watch it would break the application, which calls it by its class. */
    @Test
    void leavesADataSourceThatIsMadeAsAFinalClassAlone() {
        try (WatchedTestContext started = WatchedTestContext.of(MadeAsFinal.class)) {
            assertThat(query(started.get(JdbcDataSource.class))).isEqualTo(42);
            assertThat(started.get(JdbcTemplate.class).getDataSource()).isSameAs(started.get(JdbcDataSource.class));
        }
    }

    @Configuration
    static class MadeAsFinal {
        @Bean
        JdbcDataSource dataSource() {
            return ofAFinalClass();
        }

        @Bean
        JdbcTemplate template() {
            return new JdbcTemplate(dataSource());
        }
    }

    @Test
    void callsFinalMethodsOnTheDataSourceItself() {
        try (WatchedTestContext started = WatchedTestContext.of(WithAFinalMethod.class)) {
            assertCountsOnce(started.dataSource("asInterface"));
            assertThat(started.get(Tenants.class).tenant()).isEqualTo("tenant");
        }
    }

    @Configuration
    static class WithAFinalMethod {
        @Bean
        DataSource asInterface() {
            return new Tenants();
        }

        @Bean
        Tenants asClass() {
            return new Tenants();
        }
    }

    static class Tenants extends AbstractDataSource {
        private final String tenant = "tenant";
        private final SimpleDriverDataSource only = simple();

        final String tenant() {
            return tenant;
        }

        @Override
        public Connection getConnection() throws SQLException {
            return only.getConnection();
        }

        @Override
        public Connection getConnection(String user, String password) throws SQLException {
            return only.getConnection(user, password);
        }
    }

    @Test
    void countsScopedProxiesOnceUnderTheirName() {
        try (WatchedTestContext started = WatchedTestContext.of(context -> {
            context.getBeanFactory().registerScope("thread", new SimpleThreadScope());
            context.register(Scoped.class);
        })) {
            DataSource byClass = started.dataSource("byClass");
            DataSource byInterface = started.dataSource("byInterface");
            assertThat(byClass).isInstanceOf(SimpleDriverDataSource.class);
            assertThat(WatchingProxy.isOne(byClass)).isFalse();
            assertThat(WatchingProxy.isOne(started.dataSource("scopedTarget.byClass")))
                    .isTrue();
            assertCountsOnce(byClass);
            assertCountsOnce(byInterface);
            assertThat(Recorder.watched(Operation.Kind.QUERY))
                    .contains("byClass", "byInterface")
                    .noneMatch(name -> name.startsWith("scopedTarget"));
        }
    }

    @Configuration
    static class Scoped {
        @Bean
        @Scope(scopeName = "thread", proxyMode = ScopedProxyMode.TARGET_CLASS)
        SimpleDriverDataSource byClass() {
            return simple();
        }

        @Bean
        @Scope(scopeName = "thread", proxyMode = ScopedProxyMode.INTERFACES)
        DataSource byInterface() {
            return ofAFinalClass();
        }
    }

    @Test
    void countsEachOfSeveralPrototypes() {
        try (WatchedTestContext started = WatchedTestContext.of(Prototype.class)) {
            DataSource first = started.get(DataSource.class);
            DataSource second = started.get(DataSource.class);
            assertThat(first).isNotSameAs(second);
            assertCountsOnce(first);
            assertNumQueries(2, () -> {
                query(first);
                query(second);
            });
        }
    }

    @Configuration
    static class Prototype {
        @Bean
        @Scope("prototype")
        DataSource dataSource() {
            return simple();
        }
    }

    @Test
    void countsWhatOtherPostProcessorsNeed() {
        try (WatchedTestContext started = WatchedTestContext.of(Early.class)) {
            assertThat(started.dataSource("ofBeanPostProcessor")).isInstanceOf(SimpleDriverDataSource.class);
            assertCountsOnce(started.dataSource("ofBeanPostProcessor"));
            assertCountsOnce(started.dataSource("ofBeanFactoryPostProcessor"));
            assertNumQueries(2, () -> {
                query(Objects.requireNonNull(started.get(NeedsData.class).needed));
                query(started.get(NeedsDataLate.class).needed);
            });
        }
    }

    @Configuration
    static class Early {
        @Bean
        static SimpleDriverDataSource ofBeanPostProcessor() {
            return simple();
        }

        @Bean
        static DataSource ofBeanFactoryPostProcessor() {
            return simple();
        }

        @Bean
        static NeedsData needsData() {
            return new NeedsData();
        }

        @Bean
        static NeedsDataLate needsDataLate(SimpleDriverDataSource ofBeanPostProcessor) {
            return new NeedsDataLate(ofBeanPostProcessor);
        }
    }

    static class NeedsData implements BeanFactoryPostProcessor {
        private @Nullable DataSource needed;

        @Override
        public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
            needed = beans.getBean("ofBeanFactoryPostProcessor", DataSource.class);
        }
    }

    record NeedsDataLate(DataSource needed) implements BeanPostProcessor, Ordered {
        @Override
        public int getOrder() {
            return 0;
        }
    }

    @Test
    void isCalledAfterAllOthers() {
        AtomicReference<Object> seen = new AtomicReference<>();
        try (WatchedTestContext started = WatchedTestContext.of(context -> {
            context.register(Simple.class);
            context.registerBean("observer", BeanPostProcessor.class, () -> new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String beanName) {
                    if (bean instanceof DataSource) {
                        seen.set(bean);
                    }
                    return bean;
                }
            });
        })) {
            assertThat(seen.get()).isNotNull().isNotSameAs(started.get(DataSource.class));
            long counted = started.context().getDefaultListableBeanFactory().getBeanPostProcessors().stream()
                    .filter(each -> each.getClass().getNestHost() == DataSourceWatcher.class)
                    .count();
            // Spring counts on these two, and would warn about each bean if there was one less.
            assertThat(counted).isEqualTo(2);
        }
    }

    @Test
    void countsWhatHasAspectsOnce() {
        AtomicInteger advised = new AtomicInteger();
        try (WatchedTestContext started = WatchedTestContext.of(context -> {
            context.registerBean("byClass", SimpleDriverDataSource.class, () ->
                    (SimpleDriverDataSource) advised(simple(), true, advised));
            context.registerBean("byInterface", DataSource.class, () -> advised(ofAFinalClass(), false, advised));
        })) {
            SimpleDriverDataSource byClass = started.get(SimpleDriverDataSource.class);
            assertCountsOnce(byClass);
            assertCountsOnce(started.dataSource("byInterface"));
            assertThat(byClass.getUrl()).startsWith("jdbc:h2:mem");
            assertThat(advised).hasValue(7);
        }
    }

    private static DataSource advised(DataSource target, boolean byClass, AtomicInteger count) {
        ProxyFactory proxies = new ProxyFactory(target);
        proxies.setProxyTargetClass(byClass);
        proxies.addAdvice((MethodInterceptor) call -> {
            if (call.getMethod().getName().startsWith("get")) {
                count.incrementAndGet();
            }
            return call.proceed();
        });
        return (DataSource) proxies.getProxy();
    }

    @Test
    void countsThroughAHierarchy() {
        try (WatchedTestContext parent = WatchedTestContext.of(Simple.class);
                WatchedTestContext child = WatchedTestContext.of(context -> {
                    context.setParent(parent.context());
                    context.register(Simple.class);
                })) {
            DataSource ofParent = parent.get(DataSource.class);
            DataSource ofChild = child.get(DataSource.class);
            assertThat(ofChild).isNotSameAs(ofParent);
            on(ofChild).assertNumQueries(1, () -> {
                query(ofChild);
                query(ofParent);
            });
            on(ofParent).assertNumQueries(1, () -> {
                query(ofChild);
                query(ofParent);
            });
        }
    }

    @Test
    void countsWhatTheApplicationWatchesItselfOnce() {
        try (WatchedTestContext started = WatchedTestContext.of(context -> context.registerBean(
                "dataSource", DataSource.class, () -> Watching.watch("by hand", null, simple())))) {
            DataSource dataSource = started.get(DataSource.class);
            assertThat(dataSource).hasToString("watched data source \"by hand\"");
            assertCountsOnce(dataSource);
        }
    }

    @Test
    void anApplicationsOwnProxyGetsNoSecondOne() {
        AtomicInteger told = new AtomicInteger();
        ProxyDataSource own = listening(told).dataSource(simple()).build();
        try (WatchedTestContext started = WatchedTestContext.of(
                context -> context.registerBean("dataSource", ProxyDataSource.class, () -> own))) {
            assertThat(started.get(DataSource.class)).isSameAs(own);
            assertCountsOnce(own);
            assertThat(told).hasValue(3);
        }
    }

    /** As libraries do that observe data sources, or decorate them. */
    @Test
    void aProxyThatAnotherPostProcessorMadeGetsNoSecondOne() {
        AtomicInteger told = new AtomicInteger();
        for (UnaryOperator<DataSource> decoration : List.<UnaryOperator<DataSource>>of(
                target -> listening(told).dataSource(target).build(),
                target -> listening(told).dataSource(target).buildProxy(),
                target -> new DelegatingDataSource(
                        listening(told).dataSource(target).build()),
                target -> new DelegatingDataSource(
                        listening(told).dataSource(target).buildProxy()))) {
            told.set(0);
            AtomicReference<Object> decorated = new AtomicReference<>();
            try (WatchedTestContext started = WatchedTestContext.of(context -> {
                context.register(Simple.class);
                context.registerBean("decorating", Decorating.class, () -> new Decorating(decoration, decorated));
            })) {
                DataSource dataSource = started.get(DataSource.class);
                assertThat(dataSource).isSameAs(decorated.get());
                assertNumQueries(1, () -> query(dataSource));
                assertThat(told).hasValue(1);
            }
        }
    }

    private static ProxyDataSourceBuilder listening(AtomicInteger told) {
        return ProxyDataSourceBuilder.create().afterQuery((execution, queries) -> told.incrementAndGet());
    }

    record Decorating(UnaryOperator<DataSource> decoration, AtomicReference<Object> decorated)
            implements BeanPostProcessor {
        @Override
        public Object postProcessAfterInitialization(Object bean, String beanName) {
            if (!(bean instanceof DataSource dataSource)) {
                return bean;
            }
            decorated.set(decoration.apply(dataSource));
            return decorated.get();
        }
    }
}
