package dev.cacheproof.fake.redis;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

/** Makes replies. */
final class Replies {

    static final Reply OK = new Reply.Status("OK");
    static final Reply QUEUED = new Reply.Status("QUEUED");
    static final Reply NIL = new Reply.Nil();
    static final Reply NIL_ARRAY = new Reply.NilArray();
    static final Reply EMPTY_ARRAY = new Reply.Array(List.of());
    static final Reply ZERO = new Reply.Int(0);
    static final Reply ONE = new Reply.Int(1);

    /** Stands for no answer at all. */
    static final Reply NOTHING = new Reply.Sequence(List.of());

    private Replies() {}

    static Reply status(String text) {
        return new Reply.Status(text);
    }

    static Reply error(String text) {
        return new Reply.Failure(text, null);
    }

    static Reply integer(long number) {
        return number == 0 ? ZERO : number == 1 ? ONE : new Reply.Int(number);
    }

    static Reply real(double number) {
        return new Reply.Real(number);
    }

    static Reply bulk(byte[] bytes) {
        return new Reply.Bulk(bytes);
    }

    static Reply bulk(Bytes bytes) {
        return new Reply.Bulk(bytes.array());
    }

    static Reply bulk(String text) {
        return new Reply.Bulk(text.getBytes(StandardCharsets.UTF_8));
    }

    static Reply.Array bulks(Collection<Bytes> elements) {
        return new Reply.Array(elements.stream()
                .map(each -> (Reply) new Reply.Bulk(each.array()))
                .toList());
    }

    static Reply array(List<Reply> elements) {
        return new Reply.Array(elements);
    }

    static Reply pairs(Reply... keysAndValues) {
        return new Reply.Pairs(List.of(keysAndValues));
    }

    static Reply text(String text) {
        return new Reply.Verbatim("txt", text);
    }
}
