package dev.cacheproof.fake.redis.script;

import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;

/** Sorts a table with the pivots of Lua 5.1: what the same rank has, and who is compared with whom, scripts can see. */
final class TableSort {

    private static final String INVALID = "invalid order function for sorting";

    private final Machine machine;
    private final LuaTable table;
    private final LuaValue order;

    TableSort(Machine machine, LuaTable table, LuaValue order) {
        this.machine = machine;
        this.table = table;
        this.order = order;
    }

    void sort(int first, int last) {
        int low = first;
        int high = last;
        while (low < high) {
            swapIf(high, low);
            if (high - low == 1) {
                return;
            }
            int middle = (low + high) / 2;
            if (!swapIf(middle, low)) {
                swapIf(high, middle);
            }
            if (high - low == 2) {
                return;
            }
            LuaValue pivot = table.rawget(middle);
            swap(middle, high - 1);
            int split = partition(low, high, pivot);
            if (split - low < high - split) {
                sort(low, split - 1);
                low = split + 1;
            } else {
                sort(split + 1, high);
                high = split - 1;
            }
        }
    }

    private int partition(int low, int high, LuaValue pivot) {
        int left = low;
        int right = high - 1;
        while (true) {
            while (isLess(table.rawget(++left), pivot)) {
                if (left > high) {
                    throw machine.wrong(INVALID);
                }
            }
            while (isLess(pivot, table.rawget(--right))) {
                if (right < low) {
                    throw machine.wrong(INVALID);
                }
            }
            if (right < left) {
                break;
            }
            swap(left, right);
        }
        swap(high - 1, left);
        return left;
    }

    /** Swaps two elements if the first one belongs before the other, though it stands behind. */
    private boolean swapIf(int behind, int before) {
        boolean wrong = isLess(table.rawget(behind), table.rawget(before));
        if (wrong) {
            swap(behind, before);
        }
        return wrong;
    }

    private void swap(int one, int other) {
        LuaValue kept = table.rawget(one);
        table.rawset(one, table.rawget(other));
        table.rawset(other, kept);
    }

    private boolean isLess(LuaValue one, LuaValue other) {
        machine.spend(Native.COST);
        if (!order.isnil()) {
            return machine.callback(order, LuaValue.varargsOf(one, other))
                    .arg1()
                    .toboolean();
        }
        if (Values.isNumber(one) && Values.isNumber(other)) {
            return one.todouble() < other.todouble();
        }
        if (Values.isString(one) && Values.isString(other)) {
            return Values.compare(one, other) < 0;
        }
        LuaValue less = one.metatag(LuaValue.LT);
        if (one.type() == other.type() && !less.isnil()) {
            return machine.callback(less, LuaValue.varargsOf(one, other)).arg1().toboolean();
        }
        // Raised by what is no Lua, so without a line.
        String type = one.typename();
        throw machine.raise(NumberText.bytes(
                type.equals(other.typename())
                        ? "attempt to compare two " + type + " values"
                        : "attempt to compare " + type + " with " + other.typename()));
    }
}
