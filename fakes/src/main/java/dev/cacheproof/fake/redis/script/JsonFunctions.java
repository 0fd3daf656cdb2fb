package dev.cacheproof.fake.redis.script;

import java.util.Arrays;
import org.luaj.vm2.LuaUserdata;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** The library {@code cjson}, with its settings, which stay set for all scripts of a server. */
final class JsonFunctions {

    /** What JSON calls null. */
    static final LuaValue NULL = new LuaUserdata(new Object());

    private static final String[] INVALID = {"off", "on", "null"};
    private static final int MOST_DIGITS = 14;

    boolean convertsSparse;
    int sparseRatio = 2;
    int sparseSafe = 10;
    int encodeDepth = 1_000;
    int decodeDepth = 1_000;
    int digits = 14;

    /** Which of {@link #INVALID}: whether numbers that JSON does not know are written. */
    int invalidNumbers;

    boolean readsInvalidNumbers = true;
    private boolean keepsBuffer = true;

    private JsonFunctions() {}

    static LibraryTable library(Machine machine) {
        return addTo(new Library(machine), machine).table();
    }

    private static Library addTo(Library library, Machine machine) {
        JsonFunctions settings = new JsonFunctions();
        return library.add("encode", call -> {
                    requireOne(call);
                    return new JsonEncoder(settings, machine).encode(call.value(1));
                })
                .add("decode", call -> {
                    requireOne(call);
                    return new JsonDecoder(settings, machine, call.text(1)).decode();
                })
                .add("encode_sparse_array", settings::sparse)
                .add("encode_max_depth", call -> {
                    settings.encodeDepth = limited(call, 1, settings.encodeDepth, 1, Integer.MAX_VALUE);
                    return LuaValue.valueOf(settings.encodeDepth);
                })
                .add("decode_max_depth", call -> {
                    settings.decodeDepth = limited(call, 1, settings.decodeDepth, 1, Integer.MAX_VALUE);
                    return LuaValue.valueOf(settings.decodeDepth);
                })
                .add("encode_number_precision", call -> {
                    settings.digits = limited(call, 1, settings.digits, 1, MOST_DIGITS);
                    return LuaValue.valueOf(settings.digits);
                })
                .add("encode_keep_buffer", call -> {
                    settings.keepsBuffer = flag(call, settings.keepsBuffer);
                    return LuaValue.valueOf(settings.keepsBuffer);
                })
                .add("encode_invalid_numbers", settings::invalid)
                .add("decode_invalid_numbers", call -> {
                    settings.readsInvalidNumbers = flag(call, settings.readsInvalidNumbers);
                    return LuaValue.valueOf(settings.readsInvalidNumbers);
                })
                .add("new", call -> addTo(new Library(machine), machine).table())
                .add("null", NULL)
                .add("_NAME", NumberText.bytes("cjson"))
                .add("_VERSION", NumberText.bytes("2.1.0"));
    }

    private static void requireOne(Arguments call) {
        if (call.count() != 1) {
            throw call.error(1, "expected 1 argument");
        }
    }

    private static void requireAtMost(Arguments call, int count) {
        if (call.count() > count) {
            throw call.error(count + 1, "found too many arguments");
        }
    }

    private static int limited(Arguments call, int most, int before, int from, int to) {
        requireAtMost(call, most);
        return limited(call, 1, before, from, to, most);
    }

    private static int limited(Arguments call, int index, int before, int from, int to, int most) {
        requireAtMost(call, most);
        if (call.isMissing(index)) {
            return before;
        }
        int value = call.small(index);
        if (value < from || value > to) {
            throw call.error(index, "expected integer between " + from + " and " + to);
        }
        return value;
    }

    private static boolean flag(Arguments call, boolean before) {
        requireAtMost(call, 1);
        return call.isMissing(1) ? before : call.value(1).toboolean();
    }

    private Varargs sparse(Arguments call) {
        requireAtMost(call, 3);
        convertsSparse = call.isMissing(1) ? convertsSparse : call.value(1).toboolean();
        sparseRatio = limited(call, 2, sparseRatio, 0, Integer.MAX_VALUE, 3);
        sparseSafe = limited(call, 3, sparseSafe, 0, Integer.MAX_VALUE, 3);
        return LuaValue.varargsOf(
                LuaValue.valueOf(convertsSparse), LuaValue.valueOf(sparseRatio), LuaValue.valueOf(sparseSafe));
    }

    private Varargs invalid(Arguments call) {
        requireAtMost(call, 1);
        if (call.value(1).isboolean()) {
            invalidNumbers = call.value(1).toboolean() ? 1 : 0;
        } else if (!call.isMissing(1)) {
            int index = Arrays.asList(INVALID).indexOf(call.text(1));
            if (index < 0) {
                throw call.error(1, "invalid option '" + call.text(1) + "'");
            }
            invalidNumbers = index;
        }
        return invalidNumbers < 2 ? LuaValue.valueOf(invalidNumbers == 1) : NumberText.bytes(INVALID[invalidNumbers]);
    }
}
