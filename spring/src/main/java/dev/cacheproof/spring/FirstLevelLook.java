package dev.cacheproof.spring;

import dev.cacheproof.query.Surroundings.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.hibernate.engine.spi.EntityKey;
import org.hibernate.engine.spi.SessionImplementor;
import org.jspecify.annotations.Nullable;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Sees which entities a run got from a session that had them before: from Hibernate's first level, which no reset reaches.
 * Sees the sessions that Spring has bound to the thread, for its transaction or its request. Used by one thread.
 */
final class FirstLevelLook implements AutoCloseable {

    private static final int KEYS_SHOWN = 5;

    private final List<Runnable> ends = new ArrayList<>();
    private final Set<String> answered = new TreeSet<>();

    private FirstLevelLook() {}

    static FirstLevelLook ofThisThread() {
        FirstLevelLook look = new FirstLevelLook();
        for (Object resource :
                TransactionSynchronizationManager.getResourceMap().values()) {
            if (resource instanceof EntityManagerHolder holder
                    && holder.getEntityManager().isOpen()
                    && holder.getEntityManager().getDelegate() instanceof SessionImplementor session) {
                look.ends.add(FirstLevelListener.of(session.getFactory()).look(session, look::answered));
            }
        }
        return look;
    }

    private void answered(EntityKey key) {
        answered.add(WatchedRegions.withoutPackage(key.getEntityName()) + "#" + key.getIdentifier());
    }

    @Nullable
    Finding answered() {
        if (answered.isEmpty()) {
            return null;
        }
        String shown = String.join(", ", answered.stream().limit(KEYS_SHOWN).toList());
        return new Finding(
                "persistence context",
                shown + (answered.size() > KEYS_SHOWN ? " and " + (answered.size() - KEYS_SHOWN) + " more" : "")
                        + ", loaded before the run",
                """
                Hibernate's first level is not your cache. Begin a new persistence context for each run: leave
                @Transactional off the test, so that the code under test begins its own transaction; or begin one in
                the block, new TransactionTemplate(manager) with PROPAGATION_REQUIRES_NEW.\
                """);
    }

    @Override
    public void close() {
        ends.forEach(Runnable::run);
    }
}
