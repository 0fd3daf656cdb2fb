package dev.cacheproof.fake.redis.script;

import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** A table that no script may write into: a library. Filled before any script runs. */
final class LibraryTable extends LuaTable {

    private final HashedTable entries = new HashedTable();

    @Override
    public LuaValue rawget(int key) {
        return entries.rawget(key);
    }

    @Override
    public LuaValue rawget(LuaValue key) {
        return entries.rawget(key);
    }

    @Override
    public void rawset(LuaValue key, LuaValue value) {
        entries.rawset(key, value);
    }

    @Override
    public int length() {
        return 0;
    }

    @Override
    public LuaValue len() {
        return ZERO;
    }

    @Override
    public Varargs next(LuaValue key) {
        return entries.next(key);
    }

    void put(String name, LuaValue value) {
        entries.rawset(NumberText.bytes(name), value);
    }
}
