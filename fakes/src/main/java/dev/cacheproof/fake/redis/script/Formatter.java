package dev.cacheproof.fake.redis.script;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import org.luaj.vm2.LuaValue;

/** Formats as {@code string.format} does, with the directives of C. */
final class Formatter {

    private static final String FLAGS = "-+ #0";
    private static final int LONGEST_PLAIN = 100;

    private final Arguments call;
    private final String form;
    private final StringBuilder text = new StringBuilder();
    private int at;
    private int argument = 1;

    private String flags = "";
    private int width;
    private int precision;

    Formatter(Arguments call) {
        this.call = call;
        this.form = call.text(1);
    }

    LuaValue format() {
        while (at < form.length()) {
            char c = form.charAt(at++);
            if (c != '%') {
                text.append(c);
            } else if (at < form.length() && form.charAt(at) == '%') {
                at++;
                text.append('%');
            } else {
                argument++;
                if (argument > call.count()) {
                    throw call.error(argument, "no value");
                }
                readDirective();
                char letter = at < form.length() ? form.charAt(at++) : 0;
                directive(letter);
                Instruction.requireLength(call.machine(), text.length());
            }
        }
        return NumberText.bytes(text.toString());
    }

    private void readDirective() {
        int start = at;
        while (at < form.length() && FLAGS.indexOf(form.charAt(at)) >= 0) {
            at++;
        }
        flags = form.substring(start, at);
        if (flags.length() > FLAGS.length()) {
            throw call.machine().wrong("invalid format (repeated flags)");
        }
        width = readNumber();
        precision = -1;
        if (at < form.length() && form.charAt(at) == '.') {
            at++;
            precision = readNumber();
        }
        if (at < form.length() && Character.isDigit(form.charAt(at))) {
            throw call.machine().wrong("invalid format (width or precision too long)");
        }
    }

    private int readNumber() {
        int number = 0;
        for (int i = 0; i < 2 && at < form.length() && Character.isDigit(form.charAt(at)); i++) {
            number = number * 10 + form.charAt(at++) - '0';
        }
        return number;
    }

    private void directive(char letter) {
        switch (letter) {
            case 'c' -> pad(String.valueOf((char) (call.small(argument) & 0xFF)), false);
            case 'd', 'i' -> whole(Long.toString(call.integer(argument)));
            case 'u' -> unsigned(Long.toUnsignedString(call.integer(argument)), "");
            case 'o' -> unsigned(Long.toOctalString(call.integer(argument)), "0");
            case 'x' -> unsigned(Long.toHexString(call.integer(argument)), "0x");
            case 'X' -> unsigned(Long.toHexString(call.integer(argument)).toUpperCase(Locale.ROOT), "0X");
            case 'e', 'E', 'f', 'g', 'G' -> real(call.number(argument), letter);
            case 'q' -> quote(call.text(argument));
            case 's' -> string(call.text(argument));
            default -> throw call.machine().wrong("invalid option '%" + (letter == 0 ? "" : letter) + "' to 'format'");
        }
    }

    private boolean has(char flag) {
        return flags.indexOf(flag) >= 0;
    }

    private void pad(String body, boolean zeros) {
        int missing = width - body.length();
        if (missing <= 0) {
            text.append(body);
        } else if (has('-')) {
            text.append(body).append(" ".repeat(missing));
        } else if (zeros && has('0')) {
            int sign = body.startsWith("-") || body.startsWith("+") || body.startsWith(" ") ? 1 : 0;
            sign += body.startsWith("0x", sign) || body.startsWith("0X", sign) ? 2 : 0;
            text.append(body, 0, sign).append("0".repeat(missing)).append(body, sign, body.length());
        } else {
            text.append(" ".repeat(missing)).append(body);
        }
    }

    private String signed(String number) {
        return number.startsWith("-") ? number : has('+') ? "+" + number : has(' ') ? " " + number : number;
    }

    private String digits(String number) {
        if (precision == 0 && number.equals("0")) {
            return "";
        }
        return "0".repeat(Math.max(0, precision - number.length())) + number;
    }

    private void whole(String number) {
        boolean negative = number.startsWith("-");
        pad(signed((negative ? "-" : "") + digits(negative ? number.substring(1) : number)), precision < 0);
    }

    private void unsigned(String number, String prefix) {
        String shown = digits(number);
        boolean marked = has('#') && !number.equals("0") && !(prefix.equals("0") && shown.startsWith("0"));
        pad(marked ? prefix + shown : shown, precision < 0);
    }

    private void real(double number, char letter) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            String special = NumberText.special(number);
            boolean upper = letter == 'E' || letter == 'G';
            pad(signed(upper ? special.toUpperCase(Locale.ROOT) : special), false);
            return;
        }
        int places = precision < 0 ? 6 : precision;
        String shown = switch (letter) {
            case 'f' -> fixed(number, places);
            case 'g', 'G' -> has('#') ? alternate() : NumberText.general(number, places);
            default -> scientific(number, places);
        };
        boolean upper = letter == 'E' || letter == 'G';
        pad(signed(upper ? shown.toUpperCase(Locale.ROOT) : shown), true);
    }

    private String alternate() {
        throw call.machine().wrong("'%#g' is not in this fake, though redis-server 7.0 knows it");
    }

    private String fixed(double number, int places) {
        String shown = new BigDecimal(Math.abs(number))
                .setScale(places, RoundingMode.HALF_EVEN)
                .toPlainString();
        return sign(number) + shown + (has('#') && places == 0 ? "." : "");
    }

    private static String sign(double number) {
        return number < 0 || (number == 0 && 1 / number < 0) ? "-" : "";
    }

    private String scientific(double number, int places) {
        if (number == 0) {
            return sign(number) + fixed(0, places) + "e+00";
        }
        BigDecimal rounded =
                new BigDecimal(Math.abs(number)).round(new MathContext(places + 1, RoundingMode.HALF_EVEN));
        int exponent = rounded.precision() - rounded.scale() - 1;
        String mantissa = rounded.movePointLeft(exponent)
                .setScale(places, RoundingMode.HALF_EVEN)
                .toPlainString();
        return sign(number) + mantissa + (has('#') && places == 0 ? "." : "") + NumberText.exponent(exponent, 'e');
    }

    private void string(String string) {
        if (precision < 0 && string.length() >= LONGEST_PLAIN) {
            text.append(string);
            return;
        }
        int zero = string.indexOf('\0');
        String shown = zero < 0 ? string : string.substring(0, zero);
        pad(precision >= 0 && precision < shown.length() ? shown.substring(0, precision) : shown, false);
    }

    private void quote(String string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char each = string.charAt(i);
            switch (each) {
                case '"', '\\', '\n' -> text.append('\\').append(each);
                case '\r' -> text.append("\\r");
                case '\0' -> text.append("\\000");
                default -> text.append(each);
            }
        }
        text.append('"');
    }
}
