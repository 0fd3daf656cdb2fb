package dev.cacheproof.fake.redis;

import java.util.List;
import java.util.concurrent.Callable;

/** Asks a fake for a script in a class loader that has no luaj, and for something else. */
public final class ScriptsWithoutLuaj implements Callable<String> {

    @Override
    public String call() {
        try (FakeRedis redis = FakeRedis.start();
                Wire wire = new Wire(redis.port())) {
            wire.send(Wire.encode(List.of("EVAL", "return 1", "0")) + Wire.encode(List.of("PING")));
            return wire.reply() + wire.reply();
        }
    }
}
