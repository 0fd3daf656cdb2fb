package dev.cacheproof.spring;

import dev.cacheproof.query.Surroundings.Finding;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.test.context.transaction.TestTransaction;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalApplicationListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * What waits for the commit of a test's own transaction, which is rolled back: changes of caches, and listeners that may
 * make some. In production all of it would run.
 */
final class UncommittedWork {

    private static final String CACHES = "org.springframework.cache.transaction.";
    private static final String LISTENERS = "org.springframework.transaction.event.";

    private UncommittedWork() {}

    static @Nullable Finding finding() {
        List<String> work = waiting();
        return work.isEmpty()
                ? null
                : new Finding(
                        "transaction",
                        String.join(", ", work) + ": for a commit, which the transaction of the test never makes",
                        "what runs after a commit never runs in a @Transactional test. Leave @Transactional off the test;\n"
                                + "or commit in it, TestTransaction.flagForCommit() and end().");
    }

    /** Describes what waits; empty outside of a test's own transaction. */
    static List<String> waiting() {
        if (!TransactionSynchronizationManager.isSynchronizationActive()
                || !TestTransaction.isActive()
                || !TestTransaction.isFlaggedForRollback()) {
            return List.of();
        }
        int changes = 0;
        int listeners = 0;
        for (TransactionSynchronization each : TransactionSynchronizationManager.getSynchronizations()) {
            String type = each.getClass().getName();
            changes += type.startsWith(CACHES) ? 1 : 0;
            listeners += type.startsWith(LISTENERS) && runsOnCommitOnly(each) ? 1 : 0;
        }
        List<String> work = new ArrayList<>();
        if (changes > 0) {
            work.add(changes == 1 ? "1 change of a cache waits" : changes + " changes of caches wait");
        }
        if (listeners > 0) {
            work.add(
                    listeners == 1
                            ? "1 call of a @TransactionalEventListener waits"
                            : listeners + " calls of @TransactionalEventListeners wait");
        }
        return work;
    }

    /** Spring does not say which listener it is. Where it cannot be found out, it is one of the usual sort. */
    private static boolean runsOnCommitOnly(TransactionSynchronization synchronization) {
        for (Class<?> type = synchronization.getClass(); type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (TransactionalApplicationListener.class.isAssignableFrom(field.getType())
                        && field.trySetAccessible()) {
                    try {
                        TransactionPhase phase = ((TransactionalApplicationListener<?>) field.get(synchronization))
                                .getTransactionPhase();
                        return phase == TransactionPhase.AFTER_COMMIT || phase == TransactionPhase.BEFORE_COMMIT;
                    } catch (IllegalAccessException impossible) {
                        throw new IllegalStateException(impossible);
                    }
                }
            }
        }
        return true;
    }
}
