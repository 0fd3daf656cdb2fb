package dev.cacheproof.fake.redis;

import dev.cacheproof.Scope;
import dev.cacheproof.fake.FakeLifecycle;
import java.util.function.Consumer;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Leads the life of a {@link FakeRedis}. Stateless and thread-safe.
 *
 * @since 0.1
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class RedisLifecycle implements FakeLifecycle<FakeRedis> {

    /** Creates it; called by {@link java.util.ServiceLoader}. */
    public RedisLifecycle() {}

    @Override
    public Class<FakeRedis> type() {
        return FakeRedis.class;
    }

    @Override
    public FakeRedis start(String name) {
        return FakeRedis.builder().name(name).startManaged();
    }

    @Override
    public FakeRedis start(String name, String application) {
        return FakeRedis.builder().name(name).within(application).startManaged();
    }

    @Override
    public Runnable attribute(FakeRedis fake, Scope scope) {
        return fake.journal().addOwner(scope);
    }

    @Override
    public void guard(FakeRedis fake, Consumer<String> guard) {
        fake.guard(guard);
    }

    @Override
    public @Nullable String firedFaults(FakeRedis fake) {
        String report = fake.faults().report();
        return report.isEmpty() ? null : report;
    }

    @Override
    public boolean isRunning(FakeRedis fake) {
        return !fake.isClosed();
    }

    @Override
    public void renew(FakeRedis fake) {
        fake.renew();
    }

    @Override
    public void stop(FakeRedis fake) {
        fake.end();
    }
}
