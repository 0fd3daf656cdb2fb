package dev.cacheproof.spring;

import dev.cacheproof.Operation;
import dev.cacheproof.fake.redis.FakeRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.cache.CacheManager;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextRefreshedEvent;

/** Says once per context, in one line, what is watched in it; and why, where that is nothing. */
final class StartUpLine implements ApplicationListener<ContextRefreshedEvent> {

    private final ConfigurableApplicationContext context;
    private final WatchedDataSources dataSources;
    private final Map<FakeDefinition, Object> fakes;

    StartUpLine(
            ConfigurableApplicationContext context, WatchedDataSources dataSources, Map<FakeDefinition, Object> fakes) {
        this.context = context;
        this.dataSources = dataSources;
        this.fakes = fakes;
    }

    /** A child's start is told to its parent, too. */
    @Override
    public void onApplicationEvent(ContextRefreshedEvent event) {
        if (context.equals(event.getApplicationContext())) {
            List<String> why = NothingWatched.reasons(context.getBeanFactory(), dataSources);
            dataSources.tellWhatIsLeft();
            why.forEach(reason -> dataSources.tell(Operation.Kind.QUERY, reason));
            NothingCached.reasons(context.getBeanFactory())
                    .forEach(reason -> dataSources.tell(Operation.Kind.CACHE, reason));
            System.getLogger("dev.cacheproof").log(System.Logger.Level.INFO, text(why));
        }
    }

    private String text(List<String> why) {
        List<String> parts = new ArrayList<>();
        parts.add(ofDataSources(why));
        CacheBeans.managers(ExistingBeans.of(context.getBeanFactory()))
                .forEach((name, manager) -> parts.add(cachesOf(name, manager)));
        fakes.forEach((definition, fake) -> parts.add(connected(definition, fake)));
        if (Libraries.REDIS && fakes.isEmpty()) {
            parts.addAll(FakeUse.withoutFake(context.getBeanFactory()));
        }
        return "watched in this context: " + String.join("; ", parts);
    }

    private String ofDataSources(List<String> why) {
        List<String> names = dataSources.names();
        if (names.isEmpty()) {
            return "no data source" + (why.isEmpty() ? " of its own" : ", since " + String.join(", and ", why));
        }
        String left = dataSources.left().isEmpty() ? "" : "; not watched: " + String.join("; ", dataSources.left());
        return (names.size() == 1 ? "data source " : "data sources ")
                + names.stream().collect(Collectors.joining("\", \"", "\"", "\""))
                + left;
    }

    /** The context must start, whatever is told of it. */
    private static String cachesOf(String bean, CacheManager manager) {
        String of = " of \"" + bean + "\"";
        try {
            int count = manager.getCacheNames().size();
            return (count == 0 ? "no cache yet" : count == 1 ? "1 cache" : count + " caches") + of;
        } catch (RuntimeException | LinkageError failed) {
            return "caches" + of + ", which cannot be listed: " + failed;
        }
    }

    private String connected(FakeDefinition definition, Object fake) {
        String name = definition.type().getSimpleName() + " \"" + definition.name() + "\"";
        if (!(fake instanceof FakeRedis redis)) {
            return name;
        }
        String doubts = Libraries.REDIS ? FakeUse.doubts(redis, context.getBeanFactory()) : "";
        return name + " at port " + redis.port() + doubts;
    }
}
