package dev.cacheproof.fake.redis;

import java.util.Locale;

/** A string value and how redis-server would hold it, which OBJECT ENCODING shows. Immutable. */
record Text(Bytes bytes, Encoding encoding, boolean isShared) implements Value {

    private static final int LONGEST_EMBEDDED = 44;
    private static final int LONGEST_INT = 20;
    private static final int SHARED_NUMBERS = 10_000;

    enum Encoding {
        INT,
        EMBSTR,
        RAW
    }

    /** Holds what a client wrote: as a number where it is one. */
    static Text of(Bytes bytes) {
        Long number = bytes.length() <= LONGEST_INT ? Numbers.strictLong(bytes) : null;
        return number == null ? plain(bytes) : new Text(bytes, Encoding.INT, isShared(number));
    }

    static Text of(long number) {
        return new Text(Bytes.of(number), Encoding.INT, isShared(number));
    }

    /** Says whether redis-server holds this number once for all keys, which OBJECT REFCOUNT shows. */
    private static boolean isShared(long number) {
        return number >= 0 && number < SHARED_NUMBERS;
    }

    @Override
    public String type() {
        return "string";
    }

    @Override
    public String inspection() {
        return "get(...)";
    }

    @Override
    public String encodingName() {
        return encoding.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public long bytesHeld() {
        return bytes.length();
    }

    @Override
    public Text duplicate() {
        return new Text(bytes, encoding, false);
    }

    @Override
    public Text snapshot() {
        return this;
    }

    /** A string may be empty, and stays. */
    @Override
    public boolean isEmpty() {
        return false;
    }

    /** Holds text that is not looked at for a number. */
    static Text plain(Bytes bytes) {
        return new Text(bytes, bytes.length() <= LONGEST_EMBEDDED ? Encoding.EMBSTR : Encoding.RAW, false);
    }

    /** Holds text that was written into, and that may be again. */
    static Text raw(byte[] bytes) {
        return new Text(new Bytes(bytes), Encoding.RAW, false);
    }
}
