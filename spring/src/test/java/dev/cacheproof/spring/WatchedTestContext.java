package dev.cacheproof.spring;

import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** A small context that is watched as one that Spring starts for a test. */
final class WatchedTestContext implements AutoCloseable {

    private final AnnotationConfigApplicationContext context;

    private WatchedTestContext(AnnotationConfigApplicationContext context) {
        this.context = context;
    }

    static WatchedTestContext of(Class<?>... configuration) {
        return of(context -> context.register(configuration));
    }

    static WatchedTestContext of(Consumer<AnnotationConfigApplicationContext> preparation) {
        return of(Map.of(), preparation);
    }

    /** The fakes are not started, and not ended. */
    static WatchedTestContext of(
            Map<FakeDefinition, Object> fakes, Consumer<AnnotationConfigApplicationContext> preparation) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        preparation.accept(context);
        WatchedDataSources dataSources =
                DataSourceWatcher.install(context.getBeanFactory(), "Spring context " + UUID.randomUUID());
        context.addApplicationListener(new StartUpLine(context, dataSources, fakes));
        context.refresh();
        return new WatchedTestContext(context);
    }

    AnnotationConfigApplicationContext context() {
        return context;
    }

    <T> T get(Class<T> type) {
        return context.getBean(type);
    }

    DataSource dataSource(String name) {
        return context.getBean(name, DataSource.class);
    }

    /** Makes one query. */
    static @Nullable Integer query(DataSource dataSource) {
        return new JdbcTemplate(dataSource).queryForObject("select 42", Integer.class);
    }

    @Override
    public void close() {
        context.close();
    }
}
