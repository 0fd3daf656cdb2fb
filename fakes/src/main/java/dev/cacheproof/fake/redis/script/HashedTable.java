package dev.cacheproof.fake.redis.script;

import java.util.Arrays;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/**
 * A table that keeps its entries where Lua 5.1 keeps them: an array, and a hash with chained collisions. So {@code pairs}
 * walks in the same order, and a table with holes has the same length. Only tables as keys, of which the real order depends
 * on addresses, are walked in an order of their own.
 */
final class HashedTable extends LuaTable {

    private static final int MOST_BITS = 26;
    private static final LuaValue[] NONE = {};

    private LuaValue[] items = NONE;
    private LuaValue[] keys = NONE;
    private LuaValue[] values = NONE;
    /** The index of the next node in a chain; -1 at its end. */
    private int[] next = {};
    /** All nodes from here on are taken. */
    private int free;

    HashedTable() {}

    HashedTable(int arraySize, int hashSize) {
        items = nils(arraySize);
        makeNodes(hashSize);
    }

    private static LuaValue[] nils(int size) {
        if (size == 0) {
            return NONE;
        }
        LuaValue[] all = new LuaValue[size];
        Arrays.fill(all, NIL);
        return all;
    }

    private void makeNodes(int size) {
        int nodes = size == 0 ? 0 : size == 1 ? 1 : Integer.highestOneBit(size - 1) << 1;
        keys = nils(nodes);
        values = nils(nodes);
        next = new int[nodes];
        Arrays.fill(next, -1);
        free = nodes;
    }

    @Override
    public void presize(int count) {
        if (count > items.length) {
            resize(count, keys.length);
        }
    }

    @Override
    public LuaValue rawget(int key) {
        return key >= 1 && key <= items.length ? items[key - 1] : fromHash(LuaValue.valueOf(key));
    }

    @Override
    public LuaValue rawget(LuaValue key) {
        return key.isinttype() ? rawget(key.toint()) : fromHash(key);
    }

    @Override
    protected LuaValue hashget(LuaValue key) {
        return fromHash(key);
    }

    private LuaValue fromHash(LuaValue key) {
        int node = find(key);
        return node < 0 ? NIL : values[node];
    }

    private int find(LuaValue key) {
        if (keys.length == 0 || key.isnil()) {
            return -1;
        }
        for (int node = home(key); node >= 0; node = next[node]) {
            if (keys[node].raweq(key)) {
                return node;
            }
        }
        return -1;
    }

    @Override
    public void rawset(int key, LuaValue value) {
        if (key >= 1 && key <= items.length) {
            items[key - 1] = value;
        } else {
            put(LuaValue.valueOf(key), value);
        }
    }

    @Override
    public void rawset(LuaValue key, LuaValue value) {
        if (key.isinttype()) {
            rawset(key.toint(), value);
        } else {
            put(key, value);
        }
    }

    private void put(LuaValue key, LuaValue value) {
        int node = find(key);
        if (node >= 0) {
            values[node] = value;
        } else {
            // Even nil takes a place, as in Lua 5.1: it may be the place that makes the table grow.
            add(key, value);
        }
    }

    private void add(LuaValue key, LuaValue value) {
        int home = keys.length == 0 ? -1 : home(key);
        if (home < 0 || !values[home].isnil()) {
            int other = home < 0 ? -1 : nextFree();
            if (other < 0) {
                rehash(key);
                rawset(key, value);
                return;
            }
            int homeOfOther = home(keys[home]);
            if (homeOfOther == home) {
                next[other] = next[home];
                next[home] = other;
                home = other;
            } else {
                int before = homeOfOther;
                while (next[before] != home) {
                    before = next[before];
                }
                next[before] = other;
                keys[other] = keys[home];
                values[other] = values[home];
                next[other] = next[home];
                next[home] = -1;
                values[home] = NIL;
            }
        }
        keys[home] = key;
        values[home] = value;
    }

    private int nextFree() {
        while (free > 0) {
            free--;
            if (keys[free].isnil()) {
                return free;
            }
        }
        return -1;
    }

    /** Makes room for one more key: the array as large as it can be while more than half of it is used. */
    private void rehash(LuaValue extra) {
        int[] counts = new int[MOST_BITS + 1];
        int all = 0;
        int inArray = 0;
        for (int i = 0; i < items.length; i++) {
            if (!items[i].isnil()) {
                counts[bits(i + 1)]++;
                inArray++;
                all++;
            }
        }
        for (int i = 0; i < keys.length; i++) {
            if (!values[i].isnil()) {
                inArray += count(keys[i], counts);
                all++;
            }
        }
        inArray += count(extra, counts);
        all++;
        int seen = 0;
        int used = 0;
        int size = 0;
        for (int i = 0, power = 1; i <= MOST_BITS && power / 2 < inArray; i++, power *= 2) {
            seen += counts[i];
            if (counts[i] > 0 && seen > power / 2) {
                size = power;
                used = seen;
            }
        }
        resize(size, all - used);
    }

    private static int count(LuaValue key, int[] counts) {
        if (!key.isinttype() || key.toint() < 1 || key.toint() > 1 << MOST_BITS) {
            return 0;
        }
        counts[bits(key.toint())]++;
        return 1;
    }

    /** Returns the least power of two, as its exponent, that is no less. */
    private static int bits(int number) {
        return number == 1 ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros(number - 1);
    }

    private void resize(int arraySize, int hashSize) {
        LuaValue[] oldItems = items;
        LuaValue[] oldKeys = keys;
        LuaValue[] oldValues = values;
        items = nils(arraySize);
        System.arraycopy(oldItems, 0, items, 0, Math.min(oldItems.length, arraySize));
        makeNodes(hashSize);
        for (int i = arraySize; i < oldItems.length; i++) {
            if (!oldItems[i].isnil()) {
                rawset(i + 1, oldItems[i]);
            }
        }
        for (int i = oldKeys.length - 1; i >= 0; i--) {
            if (!oldValues[i].isnil()) {
                rawset(oldKeys[i], oldValues[i]);
            }
        }
    }

    /** Returns the node where a key belongs. */
    private int home(LuaValue key) {
        return switch (key.type()) {
            case TSTRING -> hash((LuaString) key) & (keys.length - 1);
            case TBOOLEAN -> (key.toboolean() ? 1 : 0) & (keys.length - 1);
            case TNUMBER -> homeOf(key.todouble());
            default -> Integer.remainderUnsigned(System.identityHashCode(key), (keys.length - 1) | 1);
        };
    }

    private int homeOf(double number) {
        if (number == 0) {
            return 0;
        }
        long bits = Double.doubleToRawLongBits(number);
        return Integer.remainderUnsigned((int) bits + (int) (bits >>> Integer.SIZE), (keys.length - 1) | 1);
    }

    private static int hash(LuaString string) {
        int hash = string.m_length;
        int step = (string.m_length >> 5) + 1;
        for (int i = string.m_length; i >= step; i -= step) {
            hash ^= (hash << 5) + (hash >>> 2) + (string.m_bytes[string.m_offset + i - 1] & 0xFF);
        }
        return hash;
    }

    @Override
    public int length() {
        if (items.length > 0 && items[items.length - 1].isnil()) {
            int low = 0;
            int high = items.length;
            while (high - low > 1) {
                int middle = (low + high) / 2;
                if (items[middle - 1].isnil()) {
                    high = middle;
                } else {
                    low = middle;
                }
            }
            return low;
        }
        return keys.length == 0 ? items.length : searchHash(items.length);
    }

    private int searchHash(int from) {
        int low = from;
        int high = from + 1;
        while (!rawget(high).isnil()) {
            low = high;
            high *= 2;
        }
        while (high - low > 1) {
            int middle = (low + high) / 2;
            if (rawget(middle).isnil()) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return low;
    }

    @Override
    public int rawlen() {
        return length();
    }

    @Override
    public LuaValue len() {
        return valueOf(length());
    }

    /** Returns the entry behind a key, or nil; null where the table does not know the key. */
    @Override
    public Varargs next(LuaValue key) {
        int index = 0;
        if (!key.isnil()) {
            int node = key.isinttype() && key.toint() >= 1 && key.toint() <= items.length ? -1 : find(key);
            index = node >= 0 ? items.length + node + 1 : key.isinttype() ? key.toint() : -1;
            if (node < 0 && (index < 1 || index > items.length)) {
                throw new IllegalArgumentException("no such key");
            }
        }
        for (; index < items.length; index++) {
            if (!items[index].isnil()) {
                return varargsOf(valueOf(index + 1), items[index]);
            }
        }
        for (int node = index - items.length; node < keys.length; node++) {
            if (!values[node].isnil()) {
                return varargsOf(keys[node], values[node]);
            }
        }
        return NIL;
    }
}
