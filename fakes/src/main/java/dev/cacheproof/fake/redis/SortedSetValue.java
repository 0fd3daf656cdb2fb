package dev.cacheproof.fake.redis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Members in the order of their scores. */
final class SortedSetValue implements Value {

    private static final int MOST_IN_A_LIST = 128;
    private static final int LONGEST_IN_A_LIST = 64;
    private static final double LARGEST_INTEGER = 0x1p62;

    private final Map<Bytes, Double> scores;

    /** The same, in their order. */
    private final List<Scored> members;

    /** Whether it has outgrown a list once; it never becomes one again. */
    private boolean isSkiplist;

    SortedSetValue() {
        this(new HashMap<>(), new ArrayList<>(), false);
    }

    private SortedSetValue(Map<Bytes, Double> scores, List<Scored> members, boolean isSkiplist) {
        this.scores = scores;
        this.members = members;
        this.isSkiplist = isSkiplist;
    }

    /** Makes one that is to have at least so many members. */
    static SortedSetValue sized(int members) {
        return new SortedSetValue(new HashMap<>(), new ArrayList<>(), members > MOST_IN_A_LIST);
    }

    static SortedSetValue of(Map<Bytes, Double> scores) {
        SortedSetValue set = sized(scores.size());
        set.isSkiplist |= scores.keySet().stream().anyMatch(SortedSetValue::isLong);
        scores.forEach(set::put);
        return set;
    }

    /** Returns the score of a member; null where there is no such one. */
    @Nullable
    Double score(Bytes member) {
        return scores.get(member);
    }

    /** Gives a member, which need not be there, its score. */
    void put(Bytes member, double score) {
        remove(member);
        isSkiplist |= members.size() == MOST_IN_A_LIST || isLong(member);
        // A list holds -0 as the integer 0.
        Scored scored = new Scored(member, score == 0 && !isSkiplist ? 0 : score);
        scores.put(member, scored.score());
        members.add(-Collections.binarySearch(members, scored) - 1, scored);
    }

    private static boolean isLong(Bytes member) {
        return member.length() > LONGEST_IN_A_LIST;
    }

    /** Removes a member, and says whether there was such one. */
    boolean remove(Bytes member) {
        int rank = rank(member);
        if (rank < 0) {
            return false;
        }
        scores.remove(member);
        members.remove(rank);
        return true;
    }

    /** Returns how many members stand before one; -1 where it is not there. */
    int rank(Bytes member) {
        Double score = scores.get(member);
        return score == null ? -1 : Collections.binarySearch(members, new Scored(member, score));
    }

    int size() {
        return members.size();
    }

    /** Returns the members in their order. Not to be changed through this. */
    List<Scored> members() {
        return members;
    }

    /** Returns a score as redis-server holds it, which a scan shows: in a list, whole numbers are integers. */
    String held(double score) {
        boolean isInteger = score == Math.rint(score) && Math.abs(score) <= LARGEST_INTEGER;
        return isInteger && !isSkiplist ? Long.toString((long) score) : Doubles.print(score);
    }

    boolean isSkiplist() {
        return isSkiplist;
    }

    @Override
    public String type() {
        return "zset";
    }

    @Override
    public String inspection() {
        return "getSortedSet(...)";
    }

    @Override
    public String encodingName() {
        return isSkiplist ? "skiplist" : "listpack";
    }

    @Override
    public long bytesHeld() {
        return scores.keySet().stream().mapToLong(Bytes::length).sum();
    }

    @Override
    public SortedSetValue duplicate() {
        return new SortedSetValue(new HashMap<>(scores), new ArrayList<>(members), isSkiplist);
    }

    @Override
    public boolean isEmpty() {
        return members.isEmpty();
    }
}
