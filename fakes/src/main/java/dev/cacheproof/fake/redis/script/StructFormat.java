package dev.cacheproof.fake.redis.script;

/** The format of {@code struct}, read option by option. */
final class StructFormat {

    private static final int LARGEST = 32;
    private static final int MOST_ALIGNED = 8;

    private final Arguments call;
    private final String form;
    private int at;
    private int alignment = 1;

    boolean isLittle = true;
    char option;
    int size;

    StructFormat(Arguments call) {
        this.call = call;
        String text = call.text(1);
        int zero = text.indexOf('\0');
        this.form = zero < 0 ? text : text.substring(0, zero);
    }

    /** Reads the next option and its size; says whether there is one. */
    boolean next() {
        if (at >= form.length()) {
            return false;
        }
        option = form.charAt(at++);
        size = switch (option) {
            case 'b', 'B', 'x' -> 1;
            case 'h', 'H' -> Short.BYTES;
            case 'l', 'L', 'T', 'd' -> Long.BYTES;
            case 'f' -> Float.BYTES;
            case 'c' -> number(1);
            case 'i', 'I' -> integerSize();
            default -> 0;
        };
        return true;
    }

    private int integerSize() {
        int bytes = number(Integer.BYTES);
        if (bytes > LARGEST) {
            throw call.machine().wrong("integral size " + bytes + " is larger than limit of " + LARGEST);
        }
        return bytes;
    }

    private int number(int otherwise) {
        if (at >= form.length() || !Character.isDigit(form.charAt(at))) {
            return otherwise;
        }
        long number = 0;
        while (at < form.length() && Character.isDigit(form.charAt(at))) {
            number = number * 10 + form.charAt(at++) - '0';
            if (number > Integer.MAX_VALUE) {
                throw call.machine().wrong("integral size overflow");
            }
        }
        return (int) number;
    }

    /** Returns how many bytes are left out so that what comes next is aligned. */
    int padding(long position) {
        if (size == 0 || option == 'c') {
            return 0;
        }
        int unit = Math.min(size, alignment);
        return (int) (unit - (position & (unit - 1))) & (unit - 1);
    }

    /** Does what an option says that stands for no value. */
    void control() {
        switch (option) {
            case ' ' -> {}
            case '>' -> isLittle = false;
            case '<' -> isLittle = true;
            case '!' -> {
                int unit = number(MOST_ALIGNED);
                if (unit == 0 || (unit & (unit - 1)) != 0) {
                    throw call.machine().wrong("alignment " + unit + " is not a power of 2");
                }
                alignment = unit;
            }
            default -> throw call.error(1, "invalid format option '" + option + "'");
        }
    }
}
