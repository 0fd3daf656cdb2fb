package dev.cacheproof.fake.redis;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes room where keys take more than {@code maxmemory}, before each command, as redis-server does. Where that takes samples
 * and estimates, this is exact: what goes is what was used longest ago, or least often, of all; chance has a fixed seed. How
 * much room a key takes is a model, told of at {@link FakeRedis}. Guarded by the engine's lock.
 */
final class Eviction {

    static final String LIMIT_SETTING = "maxmemory";

    private static final long BYTES_PER_KEY = 64;
    private static final long BYTES_PER_ELEMENT = 16;

    private static final Pattern MEMORY = Pattern.compile("(\\d{0,100})(|b|k|kb|m|mb|g|gb)", Pattern.CASE_INSENSITIVE);
    private static final Map<String, Long> UNITS = Map.of(
            "",
            1L,
            "b",
            1L,
            "k",
            1_000L,
            "kb",
            1L << 10,
            "m",
            1_000_000L,
            "mb",
            1L << 20,
            "g",
            1_000_000_000L,
            "gb",
            1L << 30);
    private static final BigInteger MOST = BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

    private record Candidate(Database database, Entry entry) {}

    private final List<Database> databases;
    private final Random random;
    private EvictionPolicy policy = EvictionPolicy.NOEVICTION;

    /** How much room there is; 0 where there is any. */
    private long limit;

    /** How much of it is taken; kept only where there is a limit. */
    private long used;

    private long useNumbers;
    private boolean isFull;

    Eviction(List<Database> databases, Random random) {
        this.databases = databases;
        this.random = random;
    }

    /**
     * Returns a limit as it is told again.
     *
     * @throws Refusal if it is none
     */
    static String canonicalLimit(String text) {
        Matcher matcher = MEMORY.matcher(text);
        if (!matcher.matches()) {
            throw new Refusal("ERR CONFIG SET failed (possibly related to argument '" + LIMIT_SETTING
                    + "') - argument must be a memory value");
        }
        BigInteger number = new BigInteger("0" + matcher.group(1)).min(MOST);
        long unit = UNITS.getOrDefault(matcher.group(2).toLowerCase(Locale.ROOT), 1L);
        return number.multiply(BigInteger.valueOf(unit)).and(MOST).toString();
    }

    /** Takes over valid settings. */
    void configure(Map<String, String> settings) {
        policy = EvictionPolicy.of(settings.getOrDefault(EvictionPolicy.SETTING, "noeviction"));
        limit = new BigInteger(settings.getOrDefault(LIMIT_SETTING, "0"))
                .min(BigInteger.valueOf(Long.MAX_VALUE))
                .longValue();
        isFull = false;
        used = 0;
        databases.forEach(each -> each.all().forEach(this::measure));
    }

    EvictionPolicy policy() {
        return policy;
    }

    long limit() {
        return limit;
    }

    /** Returns how much room all keys take. */
    long size() {
        return databases.stream()
                .flatMap(each -> each.all().stream())
                .mapToLong(Eviction::sizeOf)
                .sum();
    }

    /** Returns how much room a key takes. */
    static long sizeOf(Entry entry) {
        return BYTES_PER_KEY + entry.key.length() + sizeOf(entry.value);
    }

    private static long sizeOf(Value value) {
        if (value instanceof Text text) {
            return text.bytes().length();
        }
        if (value instanceof HashValue hash) {
            return sizeOf(hash.fields().keySet(), 0) + sizeOf(hash.fields().values(), -BYTES_PER_ELEMENT);
        }
        if (value instanceof ListValue list) {
            return sizeOf(list.elements(), 0);
        }
        if (value instanceof SetValue set) {
            return sizeOf(set.members(), 0);
        }
        List<Bytes> members =
                ((SortedSetValue) value).members().stream().map(Scored::member).toList();
        return sizeOf(members, Double.BYTES);
    }

    private static long sizeOf(Collection<Bytes> elements, long more) {
        return elements.stream()
                .mapToLong(each -> each.length() + BYTES_PER_ELEMENT + more)
                .sum();
    }

    /** Notes that a command has looked for a key that is there. */
    void used(Entry entry, long now) {
        entry.uses++;
        entry.lastUse = ++useNumbers;
        entry.usedAt = now;
    }

    /** Notes that a value was written. */
    void written(Entry entry, long now) {
        entry.lastUse = ++useNumbers;
        entry.usedAt = now;
        if (limit > 0) {
            used -= entry.size;
            measure(entry);
        }
    }

    private void measure(Entry entry) {
        entry.size = limit > 0 ? sizeOf(entry) : 0;
        used += entry.size;
    }

    void removed(Entry entry) {
        used -= entry.size;
        entry.size = 0;
    }

    /** Evicts keys until what is left has room, or nothing may go; returns how many have gone. */
    int makeRoom() {
        int evicted = 0;
        while (limit > 0 && used > limit) {
            List<Candidate> candidates = candidates();
            if (candidates.isEmpty()) {
                isFull = true;
                return evicted;
            }
            Candidate first = first(candidates);
            first.database.evict(first.entry.key);
            evicted++;
        }
        isFull = false;
        return evicted;
    }

    private List<Candidate> candidates() {
        List<Candidate> candidates = new ArrayList<>();
        for (Database database : databases) {
            for (Entry entry : database.all()) {
                if (policy.allows(entry)) {
                    candidates.add(new Candidate(database, entry));
                }
            }
        }
        return candidates;
    }

    private Candidate first(List<Candidate> candidates) {
        Comparator<Entry> order = policy.order();
        return order == null
                ? candidates.get(random.nextInt(candidates.size()))
                : Collections.min(candidates, Comparator.comparing(Candidate::entry, order));
    }

    /** Says whether there was too little room when the last command arrived. */
    boolean isFull() {
        return isFull;
    }
}
