package dev.cacheproof.fake.redis.script;

import org.apiguardian.api.API;

/** Says that a script is no Lua, or none that this Lua understands as redis-server's does. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class SyntaxError extends Exception {

    private static final long serialVersionUID = 1;

    SyntaxError(String text) {
        super(text, null, false, false);
    }
}
