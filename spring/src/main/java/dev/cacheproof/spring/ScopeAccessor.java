package dev.cacheproof.spring;

import dev.cacheproof.Scope;
import io.micrometer.context.ThreadLocalAccessor;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Lets Micrometer's context propagation carry the test that work belongs to: whatever wraps tasks with a {@code
 * ContextSnapshot}, such as Spring's {@code ContextPropagatingTaskDecorator} or Reactor, takes it along. Found by {@link
 * java.util.ServiceLoader}, where Micrometer's library is; thread-safe.
 *
 * @since 0.1
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class ScopeAccessor implements ThreadLocalAccessor<Scope> {

    private static final String KEY = "dev.cacheproof.scope";
    private static final Scope.Attachment NONE = () -> {};

    /** What each thread has to leave, the last first. */
    private final ThreadLocal<Deque<Scope.Attachment>> entered = ThreadLocal.withInitial(ArrayDeque::new);

    /** Creates the accessor; called by Micrometer. */
    public ScopeAccessor() {}

    @Override
    public Object key() {
        return KEY;
    }

    /** What several tests share, such as a test class, is nobody's work on another thread. */
    @Override
    public @Nullable Scope getValue() {
        return Scope.current().filter(scope -> !scope.isShared()).orElse(null);
    }

    @Override
    public void setValue(Scope scope) {
        entered.get().push(scope.attach());
    }

    /** A snapshot without a test takes its task out of none: to whom it belongs is known no better elsewhere. */
    @Override
    public void setValue() {
        entered.get().push(NONE);
    }

    @Override
    public void restore(Scope before) {
        leave();
    }

    @Override
    public void restore() {
        leave();
    }

    private void leave() {
        Deque<Scope.Attachment> attachments = entered.get();
        if (!attachments.isEmpty()) {
            attachments.pop().close();
        }
        if (attachments.isEmpty()) {
            entered.remove();
        }
    }
}
