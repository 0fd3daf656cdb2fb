package dev.cacheproof.fake.redis.script;

import java.util.ArrayList;
import java.util.List;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** Turns what commands answer into values of a script, and what a script returns into an answer. */
final class Answers {

    private static final int DEEPEST = 1_000;

    private Answers() {}

    static LuaValue toLua(Answer answer) {
        if (answer instanceof Answer.Status status) {
            return single("ok", NumberText.bytes(status.text()));
        } else if (answer instanceof Answer.Failure failure) {
            LuaTable table = single("err", NumberText.bytes(failure.text()));
            table.rawset("ignore_error_stats_update", LuaValue.TRUE);
            return table;
        } else if (answer instanceof Answer.Int number) {
            return LuaValue.valueOf((double) number.number());
        } else if (answer instanceof Answer.Bulk bulk) {
            return LuaString.valueOf(bulk.bytes());
        } else if (answer instanceof Answer.Bool bool) {
            return LuaValue.valueOf(bool.value());
        } else if (answer instanceof Answer.Real real) {
            return single("double", LuaValue.valueOf(real.number()));
        } else if (answer instanceof Answer.BigNumber number) {
            return single("big_number", NumberText.bytes(number.digits()));
        } else if (answer instanceof Answer.Verbatim verbatim) {
            LuaTable table = new HashedTable();
            table.rawset("string", NumberText.bytes(verbatim.text()));
            table.rawset("format", NumberText.bytes(verbatim.format()));
            return single("verbatim_string", table);
        }
        return collection(answer);
    }

    private static LuaValue collection(Answer answer) {
        if (answer instanceof Answer.Array array) {
            LuaTable table = new HashedTable();
            for (int i = 0; i < array.elements().size(); i++) {
                table.rawset(i + 1, toLua(array.elements().get(i)));
            }
            return table;
        } else if (answer instanceof Answer.Pairs pairs) {
            LuaTable table = new HashedTable();
            List<Answer> all = pairs.keysAndValues();
            for (int i = 0; i < all.size(); i += 2) {
                table.rawset(toLua(all.get(i)), toLua(all.get(i + 1)));
            }
            return single("map", table);
        } else if (answer instanceof Answer.Members members) {
            LuaTable table = new HashedTable();
            members.elements().forEach(each -> table.rawset(toLua(each), LuaValue.TRUE));
            return single("set", table);
        }
        return LuaValue.NIL;
    }

    static LuaTable single(String name, LuaValue value) {
        LuaTable table = new HashedTable();
        table.rawset(name, value);
        return table;
    }

    static Answer toAnswer(LuaValue value, int protocol, int depth) {
        return switch (value.type()) {
            case LuaValue.TSTRING -> new Answer.Bulk(bytes((LuaString) value));
            case LuaValue.TNUMBER -> new Answer.Int(NumberText.whole(value.todouble()));
            case LuaValue.TBOOLEAN -> {
                if (protocol > 2) {
                    yield new Answer.Bool(value.toboolean());
                }
                yield value.toboolean() ? new Answer.Int(1) : new Answer.Nil();
            }
            case LuaValue.TTABLE ->
                depth > DEEPEST
                        ? new Answer.Failure("ERR reached lua stack limit")
                        : table((LuaTable) value, protocol, depth + 1);
            default -> new Answer.Nil();
        };
    }

    private static byte[] bytes(LuaString string) {
        byte[] bytes = new byte[string.m_length];
        string.copyInto(0, bytes, 0, bytes.length);
        return bytes;
    }

    private static Answer table(LuaTable table, int protocol, int depth) {
        LuaValue error = table.rawget("err");
        if (Values.isString(error)) {
            return new Answer.Failure(line(error));
        }
        LuaValue status = table.rawget("ok");
        if (Values.isString(status)) {
            return new Answer.Status(line(status));
        }
        LuaValue real = table.rawget("double");
        if (Values.isNumber(real)) {
            return new Answer.Real(real.todouble());
        }
        LuaValue map = table.rawget("map");
        if (map.istable()) {
            return new Answer.Pairs(entries((LuaTable) map, true, protocol, depth));
        }
        LuaValue set = table.rawget("set");
        if (set.istable()) {
            return new Answer.Members(entries((LuaTable) set, false, protocol, depth));
        }
        LuaValue number = table.rawget("big_number");
        if (Values.isString(number)) {
            return new Answer.BigNumber(
                    NumberText.text((LuaString) number).replace('\r', ' ').replace('\n', ' '));
        }
        LuaValue verbatim = table.rawget("verbatim_string");
        if (verbatim.istable()
                && Values.isString(verbatim.rawget("format"))
                && Values.isString(verbatim.rawget("string"))) {
            return new Answer.Verbatim(
                    NumberText.text((LuaString) verbatim.rawget("format")),
                    NumberText.text((LuaString) verbatim.rawget("string")));
        }
        return elements(table, protocol, depth);
    }

    /** A string of C ends at its first zero byte. */
    static String line(LuaValue string) {
        String text = NumberText.text((LuaString) string);
        int zero = text.indexOf('\0');
        return zero < 0 ? text : text.substring(0, zero);
    }

    private static List<Answer> entries(LuaTable table, boolean withValues, int protocol, int depth) {
        List<Answer> all = new ArrayList<>();
        for (Varargs next = table.next(LuaValue.NIL); !next.arg1().isnil(); next = table.next(next.arg1())) {
            all.add(toAnswer(next.arg1(), protocol, depth));
            if (withValues) {
                all.add(toAnswer(next.arg(2), protocol, depth));
            }
        }
        return all;
    }

    private static Answer elements(LuaTable table, int protocol, int depth) {
        List<Answer> all = new ArrayList<>();
        for (int i = 1; !table.rawget(i).isnil(); i++) {
            all.add(toAnswer(table.rawget(i), protocol, depth));
        }
        return new Answer.Array(all);
    }
}
