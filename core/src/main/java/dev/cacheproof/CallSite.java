package dev.cacheproof;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The application's frames that led to an operation, nearest first. Frames of the JDK, of drivers, pools, frameworks
 * and of this toolkit are left out, so that what is shown is a line that the reader can change.
 *
 * <p>Many are captured and few are shown, so the frames are read when they are first asked for. A throwable is the cheapest
 * way to note a stack: it takes 25 ns for each frame, all of them. A StackWalker takes 120 ns (JDK 17; 70 ns with JDK 25) for
 * each that it passes, and passes forty where it is asked for more than eight; so one that stops at the application is
 * slower behind any framework. Thread-safe.
 */
final class CallSite {

    static final CallSite NONE = new CallSite(List.of());

    /**
     * How many classes are shown: that of the line itself and the two callers that explain it. Of each, the line that was left
     * last and the one that it was entered by: between them, a helper calls itself, and would hide who called it.
     */
    private static final int DEPTH = 3;

    private static final List<String> NOT_THE_APPLICATION = List.of(
            "java.",
            "javax.",
            "jakarta.",
            "jdk.",
            "sun.",
            "com.sun.",
            "org.junit.",
            "org.opentest4j.",
            "org.assertj.",
            "org.hamcrest.",
            "org.mockito.",
            "org.apache.maven.surefire.",
            "net.ttddyy.",
            "com.zaxxer.hikari.",
            "org.h2.",
            "org.postgresql.",
            "com.mysql.",
            "org.mariadb.",
            "com.microsoft.sqlserver.",
            "oracle.",
            "com.github.benmanes.caffeine.",
            "com.google.common.cache.",
            "redis.clients.jedis.",
            "org.apache.commons.pool2.",
            "org.springframework.",
            "org.apache.catalina.",
            "org.apache.coyote.",
            "org.apache.tomcat.",
            "org.eclipse.jetty.",
            "io.undertow.",
            "reactor.",
            "org.hibernate.",
            "org.jooq.",
            "org.jdbi.",
            "org.mybatis.",
            "org.eclipse.persistence.");

    /** What frameworks put around classes of the application, whose line is none that anybody has written. */
    private static final Pattern GENERATED =
            Pattern.compile("\\$\\$SpringCGLIB\\$\\$|\\$\\$EnhancerBySpring|\\$HibernateProxy|\\$MockitoMock\\$");

    /** Asks a cache before it calls a method of the application. */
    private static final String CACHE_INTERCEPTORS = "org.springframework.cache.";

    /** A test of the toolkit itself stands in the toolkit's packages, and plays the application there. */
    private static final Set<String> TEST_SUFFIXES = Set.of("Tests", "TestCase");

    private volatile @Nullable Throwable stack;
    private volatile @Nullable List<StackTraceElement> frames;

    /** Those of the frames that no cache was asked before or behind; written before the frames. */
    private List<StackTraceElement> pastCaches = List.of();

    /** Tells ways through the application apart; written before the frames. */
    private int path;

    private CallSite(Throwable stack) {
        this.stack = stack;
    }

    CallSite(List<StackTraceElement> frames) {
        this.stack = null;
        this.frames = frames;
    }

    static CallSite capture() {
        return new CallSite(new Throwable());
    }

    List<StackTraceElement> frames() {
        List<StackTraceElement> known = frames;
        if (known == null) {
            Throwable unread = stack;
            if (unread == null) {
                return Objects.requireNonNullElse(frames, List.of());
            }
            StackTraceElement[] all = unread.getStackTrace();
            known = nearest(all);
            pastCaches = pastCaches(known, all);
            path = path(all);
            frames = known;
            // A stack of a hundred frames is large; a few of them are kept.
            stack = null;
        }
        return known;
    }

    static List<StackTraceElement> nearest(StackTraceElement[] stack) {
        List<StackTraceElement> found = new ArrayList<>();
        int classes = 0;
        boolean isWithin = false;
        for (StackTraceElement frame : stack) {
            if (!isApplication(frame.getClassName()) || isOnLineOfLast(found, frame)) {
                continue;
            }
            if (found.isEmpty() || !isOfOneClass(found.get(found.size() - 1), frame)) {
                if (classes == DEPTH) {
                    break;
                }
                classes++;
                isWithin = false;
            } else if (isWithin) {
                found.remove(found.size() - 1);
            } else {
                isWithin = true;
            }
            found.add(frame);
        }
        return List.copyOf(found);
    }

    /**
     * Returns a hash code of all lines of the application that led here, which differs where what is shown does not. A line that
     * is passed several times, as where a method calls itself, counts once.
     */
    int path() {
        return frames().isEmpty() ? 0 : path;
    }

    private static int path(StackTraceElement[] stack) {
        Set<StackTraceElement> passed = new LinkedHashSet<>();
        for (StackTraceElement frame : stack) {
            if (isApplication(frame.getClassName())) {
                passed.add(frame);
            }
        }
        return passed.hashCode();
    }

    private static boolean isOfOneClass(StackTraceElement one, StackTraceElement other) {
        return outermost(one.getClassName()).equals(outermost(other.getClassName()));
    }

    private static String outermost(String className) {
        int nested = className.indexOf('$');
        return nested < 0 ? className : className.substring(0, nested);
    }

    /**
     * Returns those frames of the application that called, and were called by, another without a cache in between. Woven into
     * a method, as AspectJ does, the cache is asked behind it.
     */
    List<StackTraceElement> framesPastCaches() {
        return frames().isEmpty() ? List.of() : pastCaches;
    }

    static List<StackTraceElement> pastCaches(List<StackTraceElement> shown, StackTraceElement[] stack) {
        List<StackTraceElement> past = new ArrayList<>(shown);
        StackTraceElement called = null;
        boolean asked = false;
        for (StackTraceElement frame : stack) {
            if (frame.getClassName().startsWith(CACHE_INTERCEPTORS)) {
                asked = true;
                if (called != null) {
                    past.remove(called);
                }
            } else if (isApplication(frame.getClassName())) {
                if (asked) {
                    past.remove(frame);
                }
                asked = false;
                called = frame;
            }
        }
        return List.copyOf(past);
    }

    /** A lambda and the method that it is written in often share a line, which need not be shown twice. */
    private static boolean isOnLineOfLast(List<StackTraceElement> found, StackTraceElement frame) {
        if (found.isEmpty()) {
            return false;
        }
        StackTraceElement last = found.get(found.size() - 1);
        return frame.getLineNumber() == last.getLineNumber() && Objects.equals(frame.getFileName(), last.getFileName());
    }

    static boolean isApplication(String className) {
        for (String prefix : NOT_THE_APPLICATION) {
            if (className.startsWith(prefix)) {
                return false;
            }
        }
        if (className.indexOf('$') >= 0 && GENERATED.matcher(className).find()) {
            return false;
        }
        if (!className.startsWith("dev.cacheproof.") || className.startsWith("dev.cacheproof.samples.")) {
            return true;
        }
        return TEST_SUFFIXES.stream().anyMatch(outermost(className)::endsWith);
    }

    boolean isEmpty() {
        return frames().isEmpty();
    }

    /** Renders as {@code (File.java:31)}. */
    String line() {
        return isEmpty() ? "(unknown)" : line(frames().get(0));
    }

    private static String line(StackTraceElement frame) {
        return frame.getFileName() == null
                ? "(unknown source)"
                : "(" + frame.getFileName() + ":" + frame.getLineNumber() + ")";
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (StackTraceElement frame : frames()) {
            text.append(text.isEmpty() ? "" : " <- ")
                    .append(simpleName(frame.getClassName()))
                    .append('.')
                    .append(methodName(frame.getMethodName()))
                    .append(line(frame));
        }
        return text.toString();
    }

    static String className(Class<?> type) {
        return simpleName(type.getName());
    }

    private static String simpleName(String className) {
        // The name of a lambda's class has an address, with a dot, after this mark.
        int hidden = className.indexOf("$$Lambda");
        String visible = hidden < 0 ? className : className.substring(0, hidden);
        return visible.substring(visible.lastIndexOf('.') + 1).replace('$', '.');
    }

    /** A lambda's body is named after the method that it is written in. */
    private static String methodName(String name) {
        if (!name.startsWith("lambda$")) {
            return name;
        }
        int end = name.lastIndexOf('$');
        return end > "lambda$".length() ? name.substring("lambda$".length(), end) : name;
    }
}
