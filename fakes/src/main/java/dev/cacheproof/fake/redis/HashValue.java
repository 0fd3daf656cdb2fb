package dev.cacheproof.fake.redis;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fields and their values, in the order in which redis-server holds a small hash: that of their first writing. */
final class HashValue implements Value {

    private static final int MOST_IN_A_LIST = 512;
    private static final int LONGEST_IN_A_LIST = 64;

    private final Map<Bytes, Bytes> fields;

    /** Whether it has outgrown a list once; it never becomes one again. */
    private boolean isTable;

    HashValue() {
        this(new LinkedHashMap<>(), false);
    }

    private HashValue(Map<Bytes, Bytes> fields, boolean isTable) {
        this.fields = fields;
        this.isTable = isTable;
    }

    @Nullable
    Bytes get(Bytes field) {
        return fields.get(field);
    }

    /** Writes a field, and says whether it is a new one. */
    boolean put(Bytes field, Bytes value) {
        boolean isNew = fields.put(field, value) == null;
        isTable |= fields.size() > MOST_IN_A_LIST || isLong(field) || isLong(value);
        return isNew;
    }

    private static boolean isLong(Bytes bytes) {
        return bytes.length() > LONGEST_IN_A_LIST;
    }

    boolean remove(Bytes field) {
        return fields.remove(field) != null;
    }

    int size() {
        return fields.size();
    }

    /** Returns the fields in their order. Not to be changed through this. */
    Map<Bytes, Bytes> fields() {
        return fields;
    }

    boolean isTable() {
        return isTable;
    }

    @Override
    public String type() {
        return "hash";
    }

    @Override
    public String inspection() {
        return "getHash(...)";
    }

    @Override
    public String encodingName() {
        return isTable ? "hashtable" : "listpack";
    }

    @Override
    public long bytesHeld() {
        long sum = 0;
        for (Map.Entry<Bytes, Bytes> field : fields.entrySet()) {
            sum += field.getKey().length() + field.getValue().length();
        }
        return sum;
    }

    @Override
    public HashValue duplicate() {
        return new HashValue(new LinkedHashMap<>(fields), isTable);
    }

    @Override
    public boolean isEmpty() {
        return fields.isEmpty();
    }
}
