package dev.cacheproof.fake.redis;

import java.util.ArrayList;
import java.util.List;

/** Elements in the order that their users gave them. */
final class ListValue implements Value {

    private final List<Bytes> elements;

    ListValue() {
        this(new ArrayList<>());
    }

    private ListValue(List<Bytes> elements) {
        this.elements = elements;
    }

    /** One of the ends of a list. */
    enum End {
        LEFT,
        RIGHT
    }

    void push(End end, Bytes element) {
        elements.add(end == End.LEFT ? 0 : elements.size(), element);
    }

    /** Removes the element at an end; there must be one. */
    Bytes pop(End end) {
        return elements.remove(end == End.LEFT ? 0 : elements.size() - 1);
    }

    /** Removes up to so many elements from an end, the outermost first. */
    List<Bytes> pop(End end, long count) {
        List<Bytes> popped = new ArrayList<>();
        while (popped.size() < count && !elements.isEmpty()) {
            popped.add(pop(end));
        }
        return popped;
    }

    int size() {
        return elements.size();
    }

    /** Returns the elements from the left, to be changed by whoever has called {@link Call#toChange}. */
    List<Bytes> elements() {
        return elements;
    }

    /** Returns the elements between two places, both included; those below zero are counted from the right. */
    List<Bytes> range(long start, long stop) {
        int size = elements.size();
        long from = Math.max(start < 0 ? start + size : start, 0);
        long to = Math.min(stop < 0 ? stop + size : stop, size - 1) + 1;
        return from >= to ? List.of() : elements.subList((int) from, (int) to);
    }

    @Override
    public String type() {
        return "list";
    }

    @Override
    public String inspection() {
        return "getList(...)";
    }

    @Override
    public String encodingName() {
        return "quicklist";
    }

    @Override
    public long bytesHeld() {
        return elements.stream().mapToLong(Bytes::length).sum();
    }

    @Override
    public ListValue duplicate() {
        return new ListValue(new ArrayList<>(elements));
    }

    @Override
    public boolean isEmpty() {
        return elements.isEmpty();
    }
}
