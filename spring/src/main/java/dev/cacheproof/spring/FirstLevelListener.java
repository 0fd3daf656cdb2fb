package dev.cacheproof.spring;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

/** Hears of all that sessions load, and tells of what a session had before it was looked at. Thread-safe. */
final class FirstLevelListener implements LoadEventListener {

    private static final long serialVersionUID = 1L;

    private record Looked(Set<EntityKey> before, Consumer<EntityKey> answered) {}

    private final transient Map<SharedSessionContractImplementor, Looked> sessions = new ConcurrentHashMap<>();

    private FirstLevelListener() {}

    /** Finds the listener of a session factory. The first look puts it there, beside those of the application. */
    @SuppressWarnings("deprecation") // Hibernate has no other way to look at them
    static FirstLevelListener of(SessionFactoryImplementor factory) {
        EventListenerGroup<LoadEventListener> group = factory.getServiceRegistry()
                .requireService(EventListenerRegistry.class)
                .getEventListenerGroup(EventType.LOAD);
        synchronized (group) {
            for (LoadEventListener listener : group.listeners()) {
                if (listener instanceof FirstLevelListener known) {
                    return known;
                }
            }
            FirstLevelListener listener = new FirstLevelListener();
            group.appendListener(listener);
            return listener;
        }
    }

    void look(SharedSessionContractImplementor session, Consumer<EntityKey> answered) {
        Set<EntityKey> before =
                Set.copyOf(session.getPersistenceContext().getEntitiesByKey().keySet());
        sessions.put(session, new Looked(before, answered));
    }

    void end(SharedSessionContractImplementor session) {
        sessions.remove(session);
    }

    @Override
    public void onLoad(LoadEvent event, LoadType type) {
        Looked looked = sessions.get(event.getSession());
        if (looked != null && event.getResult() != null && !looked.before.isEmpty()) {
            EntityPersister persister = event.getSession()
                    .getFactory()
                    .getMappingMetamodel()
                    .getEntityDescriptor(event.getEntityClassName());
            EntityKey key = event.getSession().generateEntityKey(event.getEntityId(), persister);
            if (looked.before.contains(key)) {
                looked.answered.accept(key);
            }
        }
    }
}
