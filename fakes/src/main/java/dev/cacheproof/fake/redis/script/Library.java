package dev.cacheproof.fake.redis.script;

import org.luaj.vm2.LuaValue;

/** A library while it is put together. */
final class Library {

    private final Machine machine;
    private final LibraryTable table;

    Library(Machine machine) {
        this(machine, new LibraryTable());
    }

    Library(Machine machine, LibraryTable table) {
        this.machine = machine;
        this.table = table;
    }

    Library add(String name, Native.Body body) {
        return add(name, new Native(machine, body));
    }

    Library add(String name, LuaValue value) {
        table.put(name, value);
        return this;
    }

    LibraryTable table() {
        return table;
    }
}
