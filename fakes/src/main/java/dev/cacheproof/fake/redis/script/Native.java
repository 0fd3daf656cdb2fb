package dev.cacheproof.fake.redis.script;

import org.luaj.vm2.Varargs;
import org.luaj.vm2.lib.VarArgFunction;

/** A function of a library. */
final class Native extends VarArgFunction {

    @FunctionalInterface
    interface Body {
        Varargs run(Arguments arguments);
    }

    /** For how many instructions a call counts. */
    static final int COST = 20;

    private final Machine machine;
    private final Body body;

    Native(Machine machine, Body body) {
        this.machine = machine;
        this.body = body;
    }

    @Override
    public Varargs invoke(Varargs arguments) {
        machine.spend(COST);
        return body.run(new Arguments(machine, arguments));
    }
}
