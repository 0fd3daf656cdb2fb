package dev.cacheproof.fake.redis.script;

import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** What {@code string} does with each match of a pattern. */
final class Substitution {

    private final Arguments call;
    private final String subject;
    private final LuaPattern match;
    private final LuaValue replacement;

    private Substitution(Arguments call, String subject, LuaPattern match) {
        this.call = call;
        this.subject = subject;
        this.match = match;
        this.replacement = call.value(3);
    }

    static Varargs gmatch(Arguments call) {
        String subject = call.text(1);
        LuaPattern match = new LuaPattern(call.machine(), subject, call.text(2));
        int[] at = {0};
        return new Native(call.machine(), any -> {
            for (int start = at[0]; start <= subject.length(); start++) {
                int end = match.match(start, 0);
                if (end >= 0) {
                    at[0] = end == start ? end + 1 : end;
                    return LuaValue.varargsOf(match.captures(start, end, true));
                }
            }
            return LuaValue.NIL;
        });
    }

    static Varargs gsub(Arguments call) {
        String subject = call.text(1);
        String pattern = call.text(2);
        int type = call.value(3).type();
        boolean fits = type == LuaValue.TNUMBER
                || type == LuaValue.TSTRING
                || type == LuaValue.TTABLE
                || type == LuaValue.TFUNCTION;
        if (!fits) {
            throw call.error(3, "string/function/table expected");
        }
        long most = call.integer(4, subject.length() + 1L);
        Substitution substitution = new Substitution(call, subject, new LuaPattern(call.machine(), subject, pattern));
        return substitution.run(pattern.startsWith("^"), most);
    }

    private Varargs run(boolean anchored, long most) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        int count = 0;
        while (count < most) {
            int end = match.match(at, anchored ? 1 : 0);
            if (end >= 0) {
                count++;
                append(text, at, end);
                Instruction.requireLength(call.machine(), text.length());
            }
            if (end > at) {
                at = end;
            } else if (at < subject.length()) {
                text.append(subject.charAt(at++));
            } else {
                break;
            }
            if (anchored) {
                break;
            }
        }
        text.append(subject, Math.min(at, subject.length()), subject.length());
        return LuaValue.varargsOf(NumberText.bytes(text.toString()), LuaValue.valueOf(count));
    }

    private void append(StringBuilder text, int start, int end) {
        LuaValue value;
        if (replacement.isfunction()) {
            value = call.machine()
                    .callback(replacement, LuaValue.varargsOf(match.captures(start, end, true)))
                    .arg1();
        } else if (replacement.istable()) {
            value = replacement.get(match.capture(0, start, end));
        } else {
            expand(text, start, end);
            return;
        }
        if (!value.toboolean()) {
            text.append(subject, start, end);
            return;
        }
        LuaString string = Values.string(value);
        if (string == null) {
            throw call.machine().wrong("invalid replacement value (a " + value.typename() + ")");
        }
        text.append(NumberText.text(string));
    }

    private void expand(StringBuilder text, int start, int end) {
        String form = call.text(3);
        for (int i = 0; i < form.length(); i++) {
            char c = form.charAt(i);
            if (c != '%') {
                text.append(c);
                continue;
            }
            char next = ++i < form.length() ? form.charAt(i) : 0;
            if (next == '0') {
                text.append(subject, start, end);
            } else if (next >= '1' && next <= '9') {
                text.append(NumberText.text(
                        (LuaString) match.capture(next - '1', start, end).tostring()));
            } else {
                text.append(next);
            }
        }
    }
}
