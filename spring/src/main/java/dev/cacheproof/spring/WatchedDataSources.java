package dev.cacheproof.spring;

import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;

/**
 * The data sources of one context. What another one has proves nothing for its tests, and neither does what one had that is
 * closed. Thread-safe.
 */
final class WatchedDataSources implements DisposableBean {

    private static final String NAME = WatchedDataSources.class.getName();

    /** Guarded by itself. */
    private final Map<String, Recorder.Watch> watched = new TreeMap<>();

    private final Map<String, String> left = new ConcurrentSkipListMap<>();
    private final Queue<Runnable> told = new ConcurrentLinkedQueue<>();

    private final String application;

    private WatchedDataSources(String application) {
        this.application = application;
    }

    /** Creates those of a context, which end with it. */
    static WatchedDataSources of(ConfigurableListableBeanFactory beans, String application) {
        WatchedDataSources none = new WatchedDataSources(application);
        beans.registerSingleton(NAME, none);
        ((DefaultSingletonBeanRegistry) beans).registerDisposableBean(NAME, none);
        return none;
    }

    /** Returns whose they are, as {@link Recorder#within} takes it. */
    String application() {
        return application;
    }

    void watched(String name) {
        synchronized (watched) {
            watched.computeIfAbsent(
                    name,
                    added -> Recorder.of(Operation.Kind.QUERY, added)
                            .within(application)
                            .watch());
        }
    }

    void left(String name, Class<?> type) {
        left.put(name, type.getSimpleName());
    }

    /** Tells tests of this context why nothing of a kind is seen in it. */
    void tell(Operation.Kind kind, String reason) {
        told.add(Recorder.notWatched(kind, application, reason));
    }

    /** Tells tests of this context which data sources are not watched: those that are do not answer for these. */
    void tellWhatIsLeft() {
        left().forEach(reason -> told.add(Recorder.leftUnwatched(Operation.Kind.QUERY, application, reason)));
    }

    /** The context has been closed. */
    @Override
    public void destroy() {
        synchronized (watched) {
            watched.values().forEach(Recorder.Watch::close);
        }
        told.forEach(Runnable::run);
    }

    /** Returns the names of those that are watched, sorted. */
    List<String> names() {
        synchronized (watched) {
            return List.copyOf(watched.keySet());
        }
    }

    /** Says of each that is not watched, why, and what to do. */
    List<String> left() {
        return left.entrySet().stream()
                .map(each -> "DataSource bean \"" + each.getKey() + "\" is made as a " + each.getValue()
                        + ", which is final or has final methods: let the method that makes it return DataSource")
                .toList();
    }
}
