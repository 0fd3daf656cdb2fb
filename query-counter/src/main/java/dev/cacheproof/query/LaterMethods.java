package dev.cacheproof.query;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.ResultSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Passes on to the driver what a result set of ours cannot, since it is compiled for a JDK that had no such method: the body
 * that the JDK has for those who lack it would answer in the driver's place.
 */
final class LaterMethods implements InvocationHandler {

    private final ForwardingResultSet watched;
    private final Set<Method> later;

    private LaterMethods(ForwardingResultSet watched, Set<Method> later) {
        this.watched = watched;
        this.later = later;
    }

    static ResultSet around(ForwardingResultSet watched, Set<Method> later) {
        Class<?>[] types = {ResultSet.class};
        return (ResultSet)
                Proxy.newProxyInstance(LaterMethods.class.getClassLoader(), types, new LaterMethods(watched, later));
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // one proxy is one result set
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args) throws Throwable {
        if (method.getName().equals("equals") && args != null) {
            return proxy == args[0];
        }
        Object answer = Wrappers.invoke(method, later.contains(method) ? watched.driversOwn() : watched, args);
        return answer == watched ? proxy : answer;
    }
}
