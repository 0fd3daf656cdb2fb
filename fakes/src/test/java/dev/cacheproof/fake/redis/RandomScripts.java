package dev.cacheproof.fake.redis;

import dev.cacheproof.fake.redis.script.Lua51;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;

/** Makes up scripts of a small grammar, over few keys and few names; many of them fail. The same seed makes the same ones. */
final class RandomScripts {

    private static final List<String> NAMES = List.of("a", "b", "c", "t", "s");
    private static final List<String> KEYS = List.of("KEYS[1]", "KEYS[2]", "'k'", "'x'");
    private static final List<String> ATOMS = List.of(
            "1",
            "2",
            "0",
            "-3",
            "1.5",
            "0.1",
            "1e15",
            "2^53",
            "10/3",
            "1e300",
            "'x'",
            "'abc'",
            "'10'",
            "' 7 '",
            "'0x10'",
            "''",
            "'\\255\\0z'",
            "nil",
            "true",
            "false",
            "{}",
            "{1,2,3}",
            "{1,nil,3}",
            "{a=1,b='y'}",
            "{'x',{2}}",
            "ARGV[1]",
            "ARGV[2]",
            "ARGV[3]",
            "ARGV[9]",
            "#ARGV",
            "cjson.null",
            "math.huge");
    private static final List<String> OPERATORS =
            List.of("+", "-", "*", "/", "%", "^", "..", "..", "==", "~=", "<", "<=", ">", ">=", "and", "or");
    private static final List<String> FUNCTIONS = List.of(
            "tostring(tonumber({}))",
            "tonumber({})",
            "type({})",
            "#{}",
            "not {}",
            "-{}",
            "cjson.encode({})",
            "cjson.decode({})",
            "string.len({})",
            "string.sub({},{},{})",
            "string.rep({},2)",
            "string.format('%s|%s',{},{})",
            "string.format('%d',{})",
            "string.format('%.3f',{})",
            "string.format('%5g|%-8s',{},{})",
            "string.upper({})",
            "string.byte({})",
            "string.find({},{})",
            "string.gsub({},'%w','<%0>')",
            "string.match({},'(%d+)(.*)')",
            "string.reverse({})",
            "math.floor({})",
            "math.max({},{})",
            "math.fmod({},{})",
            "table.concat({},',')",
            "unpack({})",
            "select(2,{},{},{})",
            "next({})",
            "rawequal({},{})",
            "({}).a",
            "({})[1]",
            "({}):len()",
            "a.b",
            "t[{}]",
            "bit.band({},{})",
            "bit.tohex({})",
            "struct.pack('>I2',{})",
            "struct.pack('dLc0',{},#{},{})",
            "cmsgpack.pack({})",
            "pcall(string.rep,{},{})",
            "redis.sha1hex({})",
            "redis.status_reply({})",
            "redis.error_reply({})",
            "loadstring('return ' .. {})");
    private static final List<String> COMMANDS = List.of(
            "'get',{key}",
            "'set',{key},{}",
            "'set',{key},{},'px',5000",
            "'incr',{key}",
            "'incrby',{key},{}",
            "'append',{key},{}",
            "'del',{key},{key}",
            "'exists',{key}",
            "'type',{key}",
            "'pttl',{key}",
            "'expire',{key},{}",
            "'mget',{key},{key}",
            "'hset',{key},'f',{}",
            "'hset',{key},'f',{},'g',{}",
            "'hget',{key},'f'",
            "'hgetall',{key}",
            "'hincrby',{key},'f',{}",
            "'lpush',{key},{}",
            "'rpush',{key},{},{}",
            "'lrange',{key},0,-1",
            "'lpop',{key}",
            "'llen',{key}",
            "'sadd',{key},1",
            "'scard',{key}",
            "'zadd',{key},{},'m'",
            "'zadd',{key},1,'a',2.5,'b'",
            "'zscore',{key},'m'",
            "'zrange',{key},0,-1,'withscores'",
            "'zincrby',{key},{},'m'",
            "'publish','channel',{}",
            "'ping'",
            "'echo',{}",
            "'select',1",
            "'dbsize'",
            "'nope',{}",
            "'get'",
            "'multi'",
            "'blpop',{key},0",
            "{},{}");

    private final Random random;

    RandomScripts(long seed) {
        this.random = new Random(seed);
    }

    List<Step> steps(int count) {
        List<Step> steps = new ArrayList<>();
        while (steps.size() < count) {
            String script = script();
            switch (random.nextInt(8)) {
                case 0 -> steps.add(ScriptCorpus.eval("EVAL_RO", script));
                case 1 -> {
                    steps.add(Step.command(0, List.of("MULTI")));
                    steps.add(ScriptCorpus.eval(script));
                    steps.add(Step.command(0, List.of("EXEC")));
                }
                case 2 -> {
                    steps.add(Step.command(1, List.of("WATCH", "k")));
                    steps.add(ScriptCorpus.eval(script));
                    steps.add(Step.command(1, List.of("MULTI")));
                    steps.add(Step.command(1, List.of("EXISTS", "k")));
                    steps.add(Step.command(1, List.of("EXEC")));
                }
                case 3 -> {
                    steps.add(Step.command(1, List.of("SCRIPT", "LOAD", script)));
                    steps.add(Step.command(0, List.of("EVALSHA", sha(script), "1", "x", "5")));
                }
                default -> steps.add(ScriptCorpus.eval(script));
            }
        }
        return steps;
    }

    private static String sha(String script) {
        return Lua51.sha(script.getBytes(StandardCharsets.ISO_8859_1));
    }

    private String script() {
        StringBuilder text = new StringBuilder();
        if (random.nextInt(10) == 0) {
            text.append("redis.setresp(3)\n");
        }
        text.append("local a, b, c, t, s = ")
                .append(expression(1))
                .append(", ")
                .append(atom())
                .append(", 3, {1,2,x='y'}, 'str'\n");
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            text.append(statement()).append('\n');
        }
        return text.append("return ")
                .append(random.nextInt(3) == 0 ? "{" + expression(2) + "," + expression(1) + "}" : expression(2))
                .toString();
    }

    private String statement() {
        return switch (random.nextInt(9)) {
            case 0 -> "if " + expression(1) + " then " + pick(NAMES) + " = " + expression(1) + " end";
            case 1 -> "for i = 1, 3 do " + pick(NAMES) + " = " + expression(1) + " end";
            case 2 -> "for k, v in pairs(" + expression(0) + ") do s = type(k) .. tostring(type(v)) end";
            case 3 -> "t[" + expression(0) + "] = " + expression(1);
            case 4 -> "table.insert(t, " + expression(1) + ")";
            case 5 -> "local function f(x) return " + expression(1) + " end " + pick(NAMES) + " = f(" + atom() + ")";
            case 6 -> "local ok, e = pcall(function() return " + expression(1) + " end) s = tostring(ok)";
            case 7 -> pick(NAMES) + " = " + expression(2);
            default -> call();
        };
    }

    private String call() {
        String form = pick(COMMANDS);
        StringBuilder text = new StringBuilder(random.nextInt(3) == 0 ? "redis.pcall(" : "redis.call(");
        return text.append(fill(form, 0)).append(')').toString();
    }

    private String expression(int depth) {
        int kind = random.nextInt(10);
        if (depth == 0 || kind < 2) {
            return random.nextInt(3) == 0 ? pick(NAMES) : atom();
        } else if (kind < 5) {
            return "(" + expression(depth - 1) + " " + pick(OPERATORS) + " " + expression(depth - 1) + ")";
        } else if (kind < 8) {
            return fill(pick(FUNCTIONS), depth - 1);
        }
        return call();
    }

    private String fill(String form, int depth) {
        String filled = form;
        while (filled.contains("{key}")) {
            filled = filled.replaceFirst("\\{key}", Matcher.quoteReplacement(pick(KEYS)));
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < filled.length(); i++) {
            if (filled.startsWith("{}", i)) {
                text.append(expression(depth));
                i++;
            } else {
                text.append(filled.charAt(i));
            }
        }
        return text.toString();
    }

    private String atom() {
        return pick(ATOMS);
    }

    private <T> T pick(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
