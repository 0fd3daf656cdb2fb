package dev.cacheproof.spring;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.hibernate.engine.spi.EntityKey;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.event.service.spi.EventListenerGroup;
import org.hibernate.event.service.spi.EventListenerRegistry;
import org.hibernate.event.spi.EventType;
import org.hibernate.event.spi.LoadEvent;
import org.hibernate.event.spi.LoadEventListener;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.proxy.HibernateProxy;
import org.hibernate.proxy.LazyInitializer;
import org.jspecify.annotations.Nullable;

/** Hears of all that sessions load, and tells of what a session had before it was looked at. Thread-safe. */
final class FirstLevelListener implements LoadEventListener {

    private static final long serialVersionUID = 1L;

    /** What the session had is kept for the look alone: after a clear, another object may have the key of one of these. */
    private record Looked(
            SharedSessionContractImplementor session, Map<EntityKey, Object> before, Consumer<EntityKey> answered) {}

    /** Several may look at one session, since a block that is looked at may assert something itself. */
    private final transient List<Looked> looks = new CopyOnWriteArrayList<>();

    private FirstLevelListener() {}

    /** Finds the listener of a session factory. The first look puts it there, beside those of the application. */
    static FirstLevelListener of(SessionFactoryImplementor factory) {
        EventListenerGroup<LoadEventListener> group = factory.getServiceRegistry()
                .requireService(EventListenerRegistry.class)
                .getEventListenerGroup(EventType.LOAD);
        synchronized (group) {
            List<FirstLevelListener> known = new ArrayList<>();
            // The getter of all listeners is deprecated.
            group.fireEventOnEachListener(known, (listener, found) -> {
                if (listener instanceof FirstLevelListener ours) {
                    found.add(ours);
                }
            });
            if (known.isEmpty()) {
                known.add(new FirstLevelListener());
                group.appendListener(known.get(0));
            }
            return known.get(0);
        }
    }

    /** Begins to look at a session, and returns what ends it. */
    Runnable look(SharedSessionContractImplementor session, Consumer<EntityKey> answered) {
        Looked looked = new Looked(
                session, new HashMap<>(session.getPersistenceContext().getEntitiesByKey()), answered);
        looks.add(looked);
        return () -> looks.remove(looked);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // two sessions that are equal are still two, and so are two entities
    public void onLoad(LoadEvent event, LoadType type) {
        for (Looked looked : looks) {
            Object answer = looked.session == event.getSession() ? entity(event.getResult()) : null;
            if (answer != null && !looked.before.isEmpty()) {
                EntityKey key = key(event);
                if (looked.before.get(key) == answer) {
                    looked.answered.accept(key);
                }
            }
        }
    }

    /** Returns what is behind a proxy, without loading it; null for nothing. */
    private static @Nullable Object entity(@Nullable Object result) {
        LazyInitializer proxy = HibernateProxy.extractLazyInitializer(result);
        if (proxy == null) {
            return result;
        }
        return proxy.isUninitialized() ? null : proxy.getImplementation();
    }

    private static EntityKey key(LoadEvent event) {
        EntityPersister persister =
                event.getSession().getFactory().getMappingMetamodel().getEntityDescriptor(event.getEntityClassName());
        return event.getSession().generateEntityKey(event.getEntityId(), persister);
    }
}
