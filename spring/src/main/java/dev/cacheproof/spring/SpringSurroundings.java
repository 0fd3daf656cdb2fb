package dev.cacheproof.spring;

import dev.cacheproof.query.Surroundings;
import java.util.List;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the transaction that a block runs in, and at Hibernate's session. Found by {@link java.util.ServiceLoader};
 * thread-safe.
 *
 * @since 0.1
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class SpringSurroundings implements Surroundings {

    /** Creates the surroundings; called by the assertions. */
    public SpringSurroundings() {}

    @Override
    public @Nullable Finding passedBy(List<StackTraceElement> frames) {
        return PassedCaches.finding(frames);
    }

    @Override
    public Look look() {
        FirstLevelLook first = Libraries.HIBERNATE_SESSIONS ? FirstLevelLook.ofThisThread() : null;
        return new Look() {
            @Override
            public @Nullable Finding answered() {
                return first == null ? null : first.answered();
            }

            @Override
            public @Nullable Finding putOff() {
                return Libraries.TRANSACTIONS ? UncommittedWork.finding() : null;
            }

            @Override
            public void close() {
                if (first != null) {
                    first.close();
                }
            }
        };
    }
}
