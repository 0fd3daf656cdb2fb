package dev.cacheproof.fake.redis.script;

import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;

/** An error of a script: the value that was raised, and where. */
final class Raised extends LuaError {

    private static final long serialVersionUID = 1;

    final transient LuaValue value;

    /** The chunk and the line that the error handler of redis-server finds. */
    final String source;

    final int line;

    Raised(LuaValue value, String source, int line) {
        super(value);
        this.value = value;
        this.source = source;
        this.line = line;
        // Set, so that luaj adds nothing of its own.
        this.traceback = "";
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    /** Returns the value as the error handler leaves it: a table with the text, and where it was raised. */
    LuaTable handled() {
        LuaTable table;
        if (value.istable()) {
            table = (LuaTable) value;
        } else {
            table = new HashedTable();
            table.rawset(LuaValue.valueOf("err"), NumberText.bytes("ERR " + Values.show(value)));
        }
        table.rawset(LuaValue.valueOf("source"), NumberText.bytes(source));
        table.rawset(LuaValue.valueOf("line"), LuaValue.valueOf(line));
        return table;
    }
}
