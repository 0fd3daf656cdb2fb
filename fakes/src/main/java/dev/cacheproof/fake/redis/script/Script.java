package dev.cacheproof.fake.redis.script;

import org.apiguardian.api.API;
import org.luaj.vm2.LuaClosure;

/** A script that is compiled. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class Script {

    private final String sha;
    private final Flags flags;
    private final LuaClosure function;

    Script(String sha, Flags flags, LuaClosure function) {
        this.sha = sha;
        this.flags = flags;
        this.function = function;
    }

    /**
     * Returns the digest that clients name it by.
     *
     * @return 40 digits
     */
    public String sha() {
        return sha;
    }

    /**
     * Says whether its first line declares what it does.
     *
     * @return whether there is such a line
     */
    public boolean isDeclared() {
        return flags.declared();
    }

    /**
     * Says whether it may write.
     *
     * @return false where it declares that it does not
     */
    public boolean mayWrite() {
        return flags.writes();
    }

    LuaClosure function() {
        return function;
    }
}
