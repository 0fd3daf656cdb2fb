package dev.cacheproof.fake.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/** Makes up commands: few keys, so that they meet; mostly well formed, sometimes not. The same seed makes the same ones. */
final class RandomCommands {

    /** Every form that a command may take that goes with all kinds of values; words in braces are replaced. */
    private static final List<String> COMMON = List.of(
            // keys
            "DEL {key}",
            "DEL {key} {key} {key}",
            "UNLINK {key} {key}",
            "EXISTS {key}",
            "EXISTS {key} {key}",
            "TYPE {key}",
            "TOUCH {key} {key}",
            "RENAME {key} {key}",
            "RENAMENX {key} {key}",
            "COPY {key} {key}",
            "COPY {key} {key} {copy-option}",
            "COPY {key} {key} {copy-option} {copy-option}",
            "OBJECT ENCODING {key}",
            "OBJECT FREQ {key}",
            "OBJECT {word} {key}",
            "OBJECT {word}",
            "DBSIZE",
            "KEYS {pattern}",
            "SCAN 0 COUNT 1000",
            "SCAN 0 MATCH {pattern} COUNT 1000",
            "SCAN 0 COUNT 1000 TYPE {type}",
            "SCAN 0 COUNT {no-count}",
            "SCAN {word}",
            "SCAN 0 {word} {word}",
            "SCAN 0 COUNT",
            // expiry
            "EXPIRE {key} {seconds}",
            "PEXPIRE {key} {millis}",
            "EXPIRE {key} {seconds} {condition}",
            "PEXPIRE {key} {millis} {condition}",
            "PEXPIRE {key} {millis} {condition} {condition}",
            "EXPIREAT {key} {at-s}",
            "PEXPIREAT {key} {at-ms}",
            "EXPIREAT {key} {at-s} {condition}",
            "PEXPIREAT {key} {at-ms} {condition}",
            "TTL {key}",
            "PTTL {key}",
            "PTTL {key}",
            "EXPIRETIME {key}",
            "PEXPIRETIME {key}",
            "PERSIST {key}",
            // transactions
            "MULTI",
            "MULTI",
            "EXEC",
            "EXEC",
            "EXEC",
            "DISCARD",
            "WATCH {key}",
            "WATCH {key} {key}",
            "UNWATCH",
            "EXEC {word}",
            // connection and server
            "PING",
            "PING {value}",
            "ECHO {value}",
            "SELECT {database}",
            "SELECT 0",
            "SELECT {number}",
            "TIME",
            "FLUSHDB",
            "FLUSHDB {word}",
            "FLUSHALL ASYNC",
            "CLIENT SETNAME {word}",
            "CLIENT GETNAME",
            "CLIENT NO-EVICT {word}",
            "CLIENT {no-word}",
            "CLIENT REPLY {no-word}",
            "CLIENT REPLY ON",
            "CLIENT KILL {no-word}",
            "CLIENT KILL ID {no-id}",
            "CLIENT KILL {no-word} {word}",
            "CLIENT KILL USER {no-word}",
            "CLIENT KILL SKIPME {no-word}",
            "CLIENT KILL TYPE {no-word}",
            "CLIENT LIST TYPE {no-word}",
            "CLIENT LIST {no-word} {word}",
            "CLIENT GETREDIR",
            "HELLO {number}",
            "HELLO 2 {word} {word}",
            "AUTH {word}",
            "AUTH {word} {word}",
            "AUTH {word} {word} {word}",
            "RESET",
            "HELLO {resp}",
            "CONFIG GET maxmemory-policy",
            "CONFIG GET {word}",
            "CONFIG SET {word} {value}",
            "CONFIG SET {word}",
            "CONFIG {word}",
            "CONFIG RESETSTAT",
            "COMMAND {no-word} {key}",
            // not even a command
            "{no-word} {key}",
            "{no-word}",
            "{value} {value} {value}");

    private static final List<String> STRINGS = List.of(
            "GET {key}",
            "GET {key}",
            "SET {key} {value}",
            "SET {key} {value}",
            "SET {key} {value} {set-option}",
            "SET {key} {value} {set-option} {set-option}",
            "SET {key} {value} {set-option} {set-option} {set-option}",
            "SETNX {key} {value}",
            "SETEX {key} {seconds} {value}",
            "PSETEX {key} {millis} {value}",
            "GETEX {key}",
            "GETEX {key} {getex-option}",
            "GETEX {key} {getex-option} {getex-option}",
            "GETDEL {key}",
            "GETSET {key} {value}",
            "MGET {key} {key} {key}",
            "MSET {key} {value} {key} {value}",
            "MSET {key} {value} {key}",
            "MSETNX {key} {value} {key} {value}",
            "MSETNX {key} {value} {key}",
            "APPEND {key} {value}",
            "STRLEN {key}",
            "SETRANGE {key} {offset} {value}",
            "GETRANGE {key} {index} {index}",
            "SUBSTR {key} {index} {index}",
            "INCR {key}",
            "DECR {key}",
            "INCRBY {key} {number}",
            "DECRBY {key} {number}",
            "INCRBYFLOAT {key} {float}",
            "INCRBYFLOAT {key} {float}",
            "SET {key} {number}",
            "SET {key} {float}");

    private static final List<String> HASHES = List.of(
            "HSET {key} {field} {value}",
            "HSET {key} {field} {value}",
            "HSET {key} {field} {value} {field} {value}",
            "HSET {key} {field} {value} {field}",
            "HSET {key} {field} {number}",
            "HSET {key} {field} {float}",
            "HMSET {key} {field} {value} {field} {value}",
            "HMSET {key} {field} {value} {field}",
            "HSETNX {key} {field} {value}",
            "HGET {key} {field}",
            "HMGET {key} {field} {field}",
            "HGETALL {key}",
            "HGETALL {key}",
            "HKEYS {key}",
            "HVALS {key}",
            "HLEN {key}",
            "HSTRLEN {key} {field}",
            "HEXISTS {key} {field}",
            "HDEL {key} {field}",
            "HDEL {key} {field} {field} {field}",
            "HINCRBY {key} {field} {number}",
            "HINCRBY {key} {field} {number}",
            "HINCRBYFLOAT {key} {field} {float}",
            "HINCRBYFLOAT {key} {field} {float}",
            "HRANDFIELD {key} {many}",
            "HRANDFIELD {key} {many} WITHVALUES",
            "HRANDFIELD {key} {many} {word}",
            "HRANDFIELD {key} 0",
            "HRANDFIELD {key} {no-many} WITHVALUES",
            "HSCAN {key} 0",
            "HSCAN {key} {cursor} {scan-option}",
            "HSCAN {key} 0 {scan-option} {scan-option}");

    /** The number of keys of LMPOP is never a great one: redis-server counts on with it before it looks. */
    private static final List<String> LISTS = List.of(
            "LPUSH {key} {field}",
            "RPUSH {key} {field} {field} {field}",
            "RPUSH {key} {value}",
            "LPUSHX {key} {field} {field}",
            "RPUSHX {key} {field}",
            "LINSERT {key} BEFORE {field} {value}",
            "LINSERT {key} AFTER {field} {value}",
            "LINSERT {key} {word} {field} {value}",
            "LSET {key} {number} {value}",
            "LSET {key} {index} {value}",
            "LPOP {key}",
            "RPOP {key}",
            "LPOP {key} {many}",
            "RPOP {key} {number}",
            "LPOP {key} {number} {word}",
            "LMPOP 2 {key} {key} LEFT",
            "LMPOP 1 {key} RIGHT COUNT {number}",
            "LMPOP 2 {key} {key} LEFT {word} {number}",
            "LMPOP 0 {key} LEFT",
            "LMPOP 3 {key} {key} LEFT",
            "LMPOP 1 {key} {word}",
            "LMPOP {no-word} {key} LEFT",
            "LREM {key} 0 {field}",
            "LREM {key} {number} {field}",
            "LREM {key} -2 {field}",
            "LTRIM {key} {index} {index}",
            "LTRIM {key} {number} {number}",
            "LMOVE {key} {key} LEFT RIGHT",
            "LMOVE {key} {key} RIGHT RIGHT",
            "LMOVE {key} {key} {word} LEFT",
            "RPOPLPUSH {key} {key}",
            "LLEN {key}",
            "LINDEX {key} {index}",
            "LINDEX {key} {number}",
            "LRANGE {key} 0 -1",
            "LRANGE {key} 0 -1",
            "LRANGE {key} {index} {index}",
            "LRANGE {key} {number} {number}",
            "LPOS {key} {field}",
            "LPOS {key} {field} RANK {number}",
            "LPOS {key} {field} COUNT {number}",
            "LPOS {key} {field} MAXLEN {number} COUNT 0 RANK -1",
            "LPOS {key} {field} RANK 2 COUNT 0",
            "LPOS {key} {field} {word} {number}",
            "LPOS {key} {field} RANK");

    private static final List<String> SETS = List.of(
            "SADD {key} {field}",
            "SADD {key} {field} {field}",
            "SADD {key} {number} {number} {number}",
            "SADD {key} {value}",
            "SREM {key} {field}",
            "SREM {key} {field} {number} {field}",
            "SMOVE {key} {key} {field}",
            "SMOVE {key} {key} {number}",
            "SCARD {key}",
            "SISMEMBER {key} {field}",
            "SMISMEMBER {key} {field} {number}",
            "SMEMBERS {key}",
            "SMEMBERS {key}",
            "SPOP {key} {many}",
            "SPOP {key} 0",
            "SPOP {key} {no-many}",
            "SPOP {key} {many} {word}",
            "SRANDMEMBER {key} {many}",
            "SRANDMEMBER {key} {many} {word}",
            "SSCAN {key} 0",
            "SSCAN {key} {cursor} {scan-option}",
            "SINTER {key}",
            "SINTER {key} {key} {key}",
            "SUNION {key} {key}",
            "SDIFF {key} {key} {key}",
            "SINTERSTORE {key} {key} {key}",
            "SUNIONSTORE {key} {key} {key}",
            "SDIFFSTORE {key} {key} {key}",
            "SINTERCARD 2 {key} {key}",
            "SINTERCARD 2 {key} {key} LIMIT {number}",
            "SINTERCARD {number} {key} {key} {word}",
            "SINTERCARD 1 {key} {word} {number}");

    /** As with lists, numbers of keys are small. A score may be any number, and -0 is one. */
    private static final List<String> SORTED_SETS = List.of(
            "ZADD {key} {score} {field}",
            "ZADD {key} {score} {field} {score} {field} {score} {field}",
            "ZADD {key} 0 {field} 0 {field} 0 {field} 0 {field}",
            "ZADD {key} {score} {value}",
            "ZADD {key} {float} {field} {float} {field}",
            "ZADD {key} {zadd-option} {score} {field}",
            "ZADD {key} {zadd-option} {zadd-option} {score} {field}",
            "ZADD {key} {zadd-option} {zadd-option} {zadd-option} {score} {field} {score} {field}",
            "ZADD {key} {score} {field} {score}",
            "ZINCRBY {key} {score} {field}",
            "ZINCRBY {key} {float} {field}",
            "ZINCRBY {key} {zadd-option} {field}",
            "ZREM {key} {field}",
            "ZREM {key} {field} {field} {field}",
            "ZCARD {key}",
            "ZSCORE {key} {field}",
            "ZMSCORE {key} {field} {field}",
            "ZRANK {key} {field}",
            "ZREVRANK {key} {field}",
            "ZCOUNT {key} {min} {max}",
            "ZLEXCOUNT {key} {from} {to}",
            "ZRANGE {key} 0 -1 WITHSCORES",
            "ZRANGE {key} 0 -1 WITHSCORES",
            "ZRANGE {key} {index} {index}",
            "ZRANGE {key} {number} {number} {zrange-option}",
            "ZRANGE {key} {number} {number} REV {zrange-option}",
            "ZRANGE {key} {min} {max} BYSCORE {zrange-option} {zrange-option}",
            "ZRANGE {key} {max} {min} BYSCORE REV {zrange-option}",
            "ZRANGE {key} {from} {to} BYLEX {zrange-option} {zrange-option}",
            "ZRANGE {key} {to} {from} REV BYLEX {zrange-option}",
            "ZREVRANGE {key} {number} {number} {zrange-option}",
            "ZREVRANGE {key} 0 -1",
            "ZRANGEBYSCORE {key} {min} {max}",
            "ZRANGEBYSCORE {key} {min} {max} {zrange-option}",
            "ZREVRANGEBYSCORE {key} {max} {min} {zrange-option} {zrange-option}",
            "ZRANGEBYLEX {key} {from} {to}",
            "ZRANGEBYLEX {key} {from} {to} {zrange-option}",
            "ZREVRANGEBYLEX {key} {to} {from} {zrange-option}",
            "ZRANGESTORE {key} {key} 0 -1 {zrange-option}",
            "ZRANGESTORE {key} {key} {min} {max} BYSCORE {zrange-option}",
            "ZRANGESTORE {key} {key} {to} {from} BYLEX REV {zrange-option}",
            "ZREMRANGEBYRANK {key} {number} {number}",
            "ZREMRANGEBYSCORE {key} {min} {max}",
            "ZREMRANGEBYLEX {key} {from} {to}",
            "ZPOPMIN {key}",
            "ZPOPMAX {key}",
            "ZPOPMIN {key} {number}",
            "ZPOPMAX {key} {many}",
            "ZPOPMAX {key} {number} {word}",
            "ZMPOP 2 {key} {key} MIN",
            "ZMPOP 1 {key} MAX COUNT {number}",
            "ZMPOP 2 {key} {key} MIN {word} {number}",
            "ZMPOP 0 {key} MIN",
            "ZMPOP 3 {key} {key} MIN",
            "ZMPOP {no-word} {key} MIN",
            "ZRANDMEMBER {key} {many}",
            "ZRANDMEMBER {key} {many} WITHSCORES",
            "ZRANDMEMBER {key} {no-many} WITHSCORES",
            "ZRANDMEMBER {key} {many} {word}",
            "ZSCAN {key} 0",
            "ZSCAN {key} {cursor} {scan-option}",
            "SADD {key} {field} {field} {number}",
            "ZUNION 2 {key} {key} WITHSCORES",
            "ZUNION 3 {key} {key} {key} WITHSCORES {z-option}",
            "ZUNION {small} {key} {key} {z-option} {z-option}",
            "ZINTER 2 {key} {key} WITHSCORES",
            "ZINTER 3 {key} {key} {key} {z-option} WITHSCORES",
            "ZINTER {small} {key} {key} {z-option} {z-option}",
            "ZDIFF 2 {key} {key} WITHSCORES",
            "ZDIFF {small} {key} {key} {z-option}",
            "ZUNIONSTORE {key} 2 {key} {key} {z-option}",
            "ZUNIONSTORE {key} {small} {key} {key} {z-option}",
            "ZINTERSTORE {key} 2 {key} {key} {z-option}",
            "ZINTERSTORE {key} {small} {key} {key} {z-option}",
            "ZDIFFSTORE {key} 2 {key} {key}",
            "ZDIFFSTORE {key} {small} {key} {key} {z-option}",
            "ZINTERCARD 2 {key} {key}",
            "ZINTERCARD 2 {key} {key} LIMIT {number}",
            "ZINTERCARD {small} {key} {key} {word} {number}");

    /** Without a number, they choose one element, which nobody can foretell. */
    private static final Set<String> CHANCE = Set.of("HRANDFIELD", "SPOP", "SRANDMEMBER", "ZRANDMEMBER");

    private static final List<List<String>> KINDS = List.of(STRINGS, HASHES, LISTS, SETS, SORTED_SETS);

    private static final List<String> KEYS = List.of("a", "b", "c", "aa", "k:1");
    private static final List<String> FIELDS = List.of("a", "b", "aa", "1", "", "k:1", "10");
    private static final List<String> VALUES = List.of(
            "",
            "x",
            "hello",
            "0",
            "1",
            "-1",
            "10",
            "9999",
            "10000",
            "007",
            "+5",
            " 5",
            "3.5",
            "1e3",
            "9223372036854775807",
            "-9223372036854775808",
            "9223372036854775808",
            "12345678901234567890",
            "inf",
            "nan",
            "\u00e9\u00ff\u0000\r\n",
            "forty-four bytes are embedded, one more is n",
            "forty-four bytes are embedded, one more is no",
            "sixty-four bytes make a collection leave its list where one more is there, as here",
            "with space");
    private static final List<String> NUMBERS = List.of(
            "0",
            "1",
            "-1",
            "2",
            "7",
            "100",
            "-100",
            "9223372036854775807",
            "-9223372036854775808",
            "9223372036854775808",
            "2147483648",
            "1.5",
            "x",
            "",
            "01",
            "-0",
            "+1");
    private static final List<String> FLOATS = List.of(
            "0",
            "1",
            "-1",
            "0.1",
            "-0.1",
            "2.25",
            "1e3",
            "1.5e-3",
            "3.0e10",
            "1e17",
            "1e18",
            "1e-17",
            "1e-18",
            "123456789.987654321",
            ".5",
            "5.",
            "-.5",
            "inf",
            "-inf",
            "nan",
            "x",
            "",
            " 1",
            "1 ",
            "1e",
            "1e400",
            "1e5000",
            "-1e5000",
            "0.30000000000000004",
            "1e20");
    private static final List<String> SCORES = List.of(
            "0",
            "-0",
            "1",
            "-1",
            "2",
            "0.1",
            "0.2",
            "0.3",
            "-2.5",
            "1e16",
            "1e17",
            "123456789012345678",
            "4503599627370497",
            "4611686018427387904",
            "-4611686018427387904",
            "4611686018427388928",
            "0.0001",
            "0.00001",
            "1e-310",
            "1.7976931348623157e308",
            "inf",
            "-inf",
            "+Infinity",
            "nan",
            "0x10",
            "0x1.8p1",
            "-0x.8",
            "0xp1",
            "1e-400",
            "0e-400",
            "2\u0000");
    private static final List<String> SCORE_ENDS = List.of(
            "-inf",
            "-inf",
            "-1",
            "(-1",
            "0",
            "(0",
            "-0",
            "(-0",
            "1",
            "(1",
            "(0x2",
            "5",
            "(inf",
            "+inf",
            "inf",
            "",
            "(",
            " 1",
            "1 ",
            "(1e400",
            "-1e400",
            "1e-400",
            "nan",
            "x",
            "1\u0000x",
            "((1");
    private static final List<String> WORD_ENDS = List.of(
            "-", "-", "+", "[a", "(a", "[aa", "(aa", "[b", "(b", "[1", "(", "[", "a", "", "-a", "++", "+\u0000", "[zz");
    private static final List<String> SECONDS = List.of(
            "1",
            "2",
            "5",
            "1",
            "2",
            "0",
            "-1",
            "100",
            "x",
            "9223372036854775807",
            "9223372036854775",
            "-9223372036854775808");
    private static final List<String> MILLIS =
            List.of("1", "500", "1000", "1500", "3000", "0", "-5", "x", "9223372036854775807", "9223372036854775806");
    private static final List<String> SET_OPTIONS = List.of(
            "NX",
            "XX",
            "GET",
            "KEEPTTL",
            "EX {seconds}",
            "PX {millis}",
            "EXAT {later-s}",
            "PXAT {later-ms}",
            "PERSIST",
            "{no-word}",
            "EX");
    private static final List<String> GETEX_OPTIONS =
            List.of("PERSIST", "EX {seconds}", "PX {millis}", "EXAT {at-s}", "PXAT {at-ms}", "KEEPTTL", "{word}", "PX");
    private static final List<String> WORDS = List.of(
            "FOO",
            "NX",
            "SYNC",
            "ON",
            "OFF",
            "COUNT",
            "MATCH",
            "TYPE",
            "ID",
            "SETNAME",
            "AUTH",
            "ADDR",
            "SKIPME",
            "REPLACE",
            "NORMAL",
            "GET",
            "SET",
            "a b",
            "",
            "client-name",
            "USER",
            "default",
            "GETKEYS",
            "ENCODING");
    private static final List<String> PATTERNS = List.of(
            "*", "a", "a*", "*a", "?", "??", "[ab]", "[^a]", "[a-c]*", "[c-a]", "k:*", "\\a", "[a", "[", "*:[0-9]",
            "[^", "a\\", "[\\a]", "**", "", "[]", "[a-");

    private final Random random;

    /** Mostly about one kind of values, sometimes about another, so that the same keys meet both. */
    private final List<String> forms = new ArrayList<>();

    RandomCommands(long seed) {
        this.random = new Random(seed);
        forms.addAll(COMMON);
        for (int i = 0; i < 4; i++) {
            forms.addAll(pick(KINDS));
        }
    }

    List<Step> steps(int count) {
        List<Step> steps = new ArrayList<>();
        while (steps.size() < count) {
            if (random.nextInt(40) == 0) {
                steps.addAll(watched());
            } else {
                steps.add(next());
            }
        }
        return steps;
    }

    /** Chance alone seldom brings what decides whether a transaction runs. */
    private List<Step> watched() {
        Step change = random.nextInt(4) == 0 ? Step.command(1, List.of("FLUSHDB")) : next();
        return List.of(
                Step.command(0, List.of("DISCARD")),
                Step.command(0, List.of("WATCH", pick(KEYS), pick(KEYS))),
                change,
                Step.command(0, List.of("MULTI")),
                Step.command(0, List.of("GET", pick(KEYS))),
                Step.command(0, List.of("EXEC")));
    }

    private Step next() {
        if (random.nextInt(12) == 0) {
            return Step.pass(pick(List.of(1L, 499L, 500L, 1_000L, 1_001L, 2_500L)));
        }
        List<String> words = new ArrayList<>();
        for (String part : pick(forms).split(" ", -1)) {
            words.addAll(fill(part));
        }
        if (random.nextInt(40) == 0) {
            words.add(pick(WORDS));
        }
        if (random.nextInt(40) == 0 && words.size() > 1 && !CHANCE.contains(words.get(0))) {
            words.remove(words.size() - 1);
        }
        if (random.nextInt(4) == 0) {
            words.set(0, words.get(0).toLowerCase(Locale.ROOT));
        }
        return Step.command(random.nextInt(4) == 0 ? 1 : 0, words);
    }

    private List<String> fill(String part) {
        return switch (part) {
            case "{key}" -> List.of(pick(KEYS));
            case "{value}" -> List.of(pick(VALUES));
            case "{field}" -> List.of(pick(FIELDS));
            case "{many}" -> List.of(pick(List.of("100", "9223372036854775807")));
            case "{no-many}" -> List.of(pick(List.of("-9223372036854775808", "9223372036854775806", "x", "")));
            case "{cursor}" -> List.of(pick(List.of("0", "0", "x", "", "1.5")));
            case "{scan-option}" ->
                fillAll(pick(List.of(
                        "MATCH {pattern}", "COUNT 1000", "COUNT {no-count}", "TYPE {type}", "COUNT", "{word} {word}")));
            case "{number}", "{offset}" ->
                List.of(
                        part.equals("{offset}") && random.nextInt(4) > 0
                                ? String.valueOf(random.nextInt(60))
                                : pick(NUMBERS));
            case "{index}" -> List.of(random.nextInt(4) == 0 ? pick(NUMBERS) : String.valueOf(random.nextInt(60) - 30));
            case "{float}" -> List.of(pick(FLOATS));
            case "{score}" -> List.of(random.nextInt(4) == 0 ? pick(SCORES) : String.valueOf(random.nextInt(5) - 1));
            case "{min}" -> List.of(random.nextInt(4) == 0 ? pick(SCORE_ENDS) : pick(List.of("-inf", "0", "(-1")));
            case "{max}" -> List.of(random.nextInt(4) == 0 ? pick(SCORE_ENDS) : pick(List.of("+inf", "2", "(3")));
            case "{from}" -> List.of(random.nextInt(4) == 0 ? pick(WORD_ENDS) : pick(List.of("-", "[a", "(1")));
            case "{to}" -> List.of(random.nextInt(4) == 0 ? pick(WORD_ENDS) : pick(List.of("+", "[b", "(k")));
            case "{small}" -> List.of(pick(List.of("1", "2", "3", "0", "-1", "x", "9223372036854775807")));
            case "{zadd-option}" -> List.of(pick(List.of("NX", "XX", "GT", "LT", "CH", "INCR", "incr", pick(WORDS))));
            case "{zrange-option}" ->
                fillAll(pick(List.of(
                        "WITHSCORES",
                        "LIMIT 0 -1",
                        "LIMIT 1 2",
                        "LIMIT {number} {number}",
                        "LIMIT {index}",
                        "REV",
                        "BYSCORE",
                        "BYLEX",
                        "{word}")));
            case "{z-option}" ->
                fillAll(pick(List.of(
                        "WEIGHTS {score} {score}",
                        "WEIGHTS {score} {score} {score}",
                        "WEIGHTS {float} {float}",
                        "AGGREGATE MIN",
                        "AGGREGATE MAX",
                        "AGGREGATE SUM",
                        "AGGREGATE {word}",
                        "AGGREGATE",
                        "WITHSCORES",
                        "{word}")));
            case "{seconds}" -> List.of(pick(SECONDS));
            case "{millis}" -> List.of(pick(MILLIS));
            case "{at-s}" -> List.of(pick(List.of("@s+1", "@s+3", "@s-1", "@s+0", "0", "x", "9223372036854775807")));
            case "{at-ms}" ->
                List.of(pick(List.of("@ms+1", "@ms+1500", "@ms-1", "@ms+0", "0", "x", "9223372036854775807")));
            // A value that is dead when it is written stays in redis-server until it is looked at; the fake drops it at
            // once.
            case "{later-s}" -> List.of(pick(List.of("@s+1", "@s+3", "0", "x", "9223372036854775807")));
            case "{later-ms}" -> List.of(pick(List.of("@ms+1", "@ms+1500", "-1", "x", "9223372036854775807")));
            case "{set-option}" -> fillAll(pick(SET_OPTIONS));
            case "{getex-option}" -> fillAll(pick(GETEX_OPTIONS));
            case "{copy-option}" -> fillAll(pick(List.of("REPLACE", "DB {database}", "DB {number}", "DB", "{word}")));
            case "{condition}" -> List.of(pick(List.of("NX", "XX", "GT", "LT", "gt", pick(WORDS))));
            case "{database}" -> List.of(pick(List.of("0", "1", "2")));
            case "{resp}" -> List.of(pick(List.of("2", "3")));
            case "{type}" -> List.of(pick(List.of("string", "STRING", "hash", "set", "zset", "list", "foo")));
            case "{pattern}" -> List.of(pick(PATTERNS));
            case "{no-count}" -> List.of(pick(List.of("0", "-1", "x", "1.5", "9999")));
            case "{no-id}" -> List.of(pick(List.of("0", "-1", "x", "9223372036854775807")));
            case "{no-word}" -> List.of(pick(List.of("FOO", "", "a b", "foo\u0000bar", "REPLICA")));
            case "{word}" -> List.of(pick(WORDS));
            default -> List.of(part);
        };
    }

    private List<String> fillAll(String form) {
        List<String> words = new ArrayList<>();
        for (String part : form.split(" ", -1)) {
            words.addAll(fill(part));
        }
        return words;
    }

    private <T> T pick(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
