package dev.cacheproof.fake.redis.script;

import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** The globals of scripts: to read one that is not there is an error. Kept in the order of Lua 5.1. */
final class ScriptGlobals extends Globals {

    private final Machine machine;
    private final HashedTable entries = new HashedTable();

    ScriptGlobals(Machine machine) {
        this.machine = machine;
    }

    @Override
    public LuaValue get(LuaValue key) {
        LuaValue value = rawget(key);
        if (value.isnil()) {
            LuaString name = Values.string(key);
            throw machine.wrong("Script attempted to access nonexistent global variable '"
                    + (name == null ? "(null)" : NumberText.text(name)) + "'");
        }
        return value;
    }

    @Override
    public LuaValue get(int key) {
        return get(valueOf(key));
    }

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
}
