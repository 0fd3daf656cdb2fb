package dev.cacheproof.fake.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Encodes replies into a growing buffer. Used by one thread at a time. */
final class RespWriter {

    private static final int RESP3 = 3;
    private static final int FIRST_SIZE = 1_024;

    private static final byte[] LINE_END = {'\r', '\n'};

    private byte[] buffer = new byte[FIRST_SIZE];
    private int start;
    private int end;

    void write(Reply reply, int protocol) {
        if (reply instanceof Reply.Status status) {
            line('+', status.text());
        } else if (reply instanceof Reply.Failure error) {
            line('-', error.text());
        } else if (reply instanceof Reply.Int number) {
            number(':', number.number());
        } else if (reply instanceof Reply.Real number) {
            real(number.number(), protocol);
        } else if (reply instanceof Reply.Bool bool) {
            text(protocol >= RESP3 ? "#" + (bool.value() ? 't' : 'f') + "\r\n" : ":" + (bool.value() ? 1 : 0) + "\r\n");
        } else if (reply instanceof Reply.BigNumber number) {
            bigNumber(number.digits(), protocol);
        } else if (reply instanceof Reply.Bulk bulk) {
            bulk('$', bulk.bytes());
        } else if (reply instanceof Reply.Verbatim verbatim) {
            verbatim(verbatim, protocol);
        } else if (reply instanceof Reply.Nil) {
            text(protocol >= RESP3 ? "_\r\n" : "$-1\r\n");
        } else if (reply instanceof Reply.NilArray) {
            text(protocol >= RESP3 ? "_\r\n" : "*-1\r\n");
        } else if (reply instanceof Reply.Array array) {
            all('*', array.elements().size(), array.elements(), protocol);
        } else if (reply instanceof Reply.Push push) {
            all(protocol >= RESP3 ? '>' : '*', push.elements().size(), push.elements(), protocol);
        } else if (reply instanceof Reply.Pairs pairs) {
            List<Reply> all = pairs.keysAndValues();
            if (protocol >= RESP3) {
                all('%', all.size() / 2, all, protocol);
            } else {
                all('*', all.size(), all, protocol);
            }
        } else if (reply instanceof Reply.Members members) {
            List<Reply> all = members.elements().elements();
            all(protocol >= RESP3 ? '~' : '*', all.size(), all, protocol);
        } else if (reply instanceof Reply.Couples couples) {
            couples(couples.elements(), protocol);
        } else if (reply instanceof Reply.Versioned versioned) {
            write(versioned.reply(), versioned.protocol());
        } else if (reply instanceof Reply.Raw raw) {
            append(raw.bytes());
        } else if (reply instanceof Reply.Sequence sequence) {
            sequence.replies().forEach(each -> write(each, protocol));
        }
    }

    private void all(char type, int count, List<Reply> elements, int protocol) {
        number(type, count);
        for (Reply element : elements) {
            write(element, protocol);
        }
    }

    private void couples(List<Reply> elements, int protocol) {
        if (protocol < RESP3) {
            all('*', elements.size(), elements, protocol);
            return;
        }
        number('*', elements.size() / 2);
        for (int i = 0; i < elements.size(); i += 2) {
            all('*', 2, elements.subList(i, i + 2), protocol);
        }
    }

    private void verbatim(Reply.Verbatim verbatim, int protocol) {
        String text = protocol >= RESP3 ? verbatim.format() + ":" + verbatim.text() : verbatim.text();
        bulk(protocol >= RESP3 ? '=' : '$', text.getBytes(StandardCharsets.UTF_8));
    }

    private void real(double number, int protocol) {
        String text = Doubles.print(number);
        if (protocol >= RESP3) {
            line(',', text);
        } else {
            bulk('$', text.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private void bigNumber(String digits, int protocol) {
        if (protocol >= RESP3) {
            line('(', digits);
        } else {
            bulk('$', digits.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private void bulk(char type, byte[] bytes) {
        number(type, bytes.length);
        append(bytes);
        append(LINE_END);
    }

    private void line(char type, String text) {
        ensure(1);
        buffer[end++] = (byte) type;
        // A line break would end the reply; Redis replaces it as well. Other bytes that a client sent come back as they
        // are.
        append(text.replace('\r', ' ').replace('\n', ' ').getBytes(StandardCharsets.ISO_8859_1));
        append(LINE_END);
    }

    private void number(char type, long number) {
        ensure(1);
        buffer[end++] = (byte) type;
        if (number >= 0 && number < 10) {
            ensure(1);
            buffer[end++] = (byte) ('0' + number);
        } else {
            text(Long.toString(number));
        }
        append(LINE_END);
    }

    private void text(String text) {
        append(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void append(byte[] bytes) {
        ensure(bytes.length);
        System.arraycopy(bytes, 0, buffer, end, bytes.length);
        end += bytes.length;
    }

    private void ensure(int more) {
        if (buffer.length - end >= more) {
            return;
        }
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }
        if (buffer.length - end < more) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, end + more));
        }
    }

    boolean isEmpty() {
        return start == end;
    }

    byte[] bytes() {
        return Arrays.copyOfRange(buffer, start, end);
    }

    int size() {
        return end - start;
    }

    /** Returns what is to be sent; the caller tells with {@link #sent} how much went out. */
    ByteBuffer pending() {
        return ByteBuffer.wrap(buffer, start, end - start);
    }

    void sent(int count) {
        start += count;
        if (start == end) {
            start = 0;
            end = 0;
        }
    }
}
