package dev.cacheproof.fake.redis;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

/** Members without an order, but for a few integers: those redis-server holds sorted. */
final class SetValue implements Value {

    private static final int MOST_INTEGERS = 512;

    private final Set<Bytes> members;

    /** Whether it has held something else than a few integers once; it never becomes one of these again. */
    private boolean isTable;

    SetValue() {
        this(new LinkedHashSet<>(), false);
    }

    private SetValue(Set<Bytes> members, boolean isTable) {
        this.members = members;
        this.isTable = isTable;
    }

    static SetValue of(Collection<Bytes> members) {
        SetValue set = new SetValue();
        members.forEach(set::add);
        return set;
    }

    /** Adds a member, and says whether it is a new one. */
    boolean add(Bytes member) {
        boolean isNew = members.add(member);
        isTable |= members.size() > MOST_INTEGERS || Numbers.strictLong(member) == null;
        return isNew;
    }

    boolean remove(Bytes member) {
        return members.remove(member);
    }

    boolean contains(Bytes member) {
        return members.contains(member);
    }

    int size() {
        return members.size();
    }

    /** Returns the members in their order. Not to be changed through this. */
    Collection<Bytes> members() {
        return isTable
                ? members
                : members.stream()
                        .sorted(Comparator.comparing(each -> Objects.requireNonNull(Numbers.strictLong(each))))
                        .toList();
    }

    boolean isTable() {
        return isTable;
    }

    @Override
    public String type() {
        return "set";
    }

    @Override
    public String inspection() {
        return "getSet(...)";
    }

    @Override
    public String encodingName() {
        return isTable ? "hashtable" : "intset";
    }

    @Override
    public long bytesHeld() {
        return members.stream().mapToLong(Bytes::length).sum();
    }

    @Override
    public SetValue duplicate() {
        return new SetValue(new LinkedHashSet<>(members), isTable);
    }

    @Override
    public boolean isEmpty() {
        return members.isEmpty();
    }
}
