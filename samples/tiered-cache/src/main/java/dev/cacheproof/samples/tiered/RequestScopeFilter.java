package dev.cacheproof.samples.tiered;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;

/**
 * Serves each request in a {@link RequestScope}, which ends with it. Goes before all filters that use a cache, so before the
 * application's authentication as well, with asynchronous requests supported, and mapped to these dispatches:
 *
 * <ul>
 *   <li>{@code REQUEST}: opens a scope. It is closed when the filters and servlets return; where they have started
 *       asynchronous work, when that is complete. The thread is free of it in any case.
 *   <li>{@code ASYNC}: goes on in the scope of the request, on whatever thread.
 *   <li>{@code ERROR}: an error page is served in a scope of its own, as that of the request has ended; only that of
 *       asynchronous work goes on.
 * </ul>
 *
 * <p>Work that the application gives to its own threads has no scope unless it is {@linkplain RequestScope#propagating
 * handed over}. Stateless and thread-safe.
 */
public final class RequestScopeFilter implements Filter {

    private static final String SCOPE = RequestScopeFilter.class.getName() + ".SCOPE";

    /** Creates the filter. */
    public RequestScopeFilter() {}

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (isPartOfAnother(request.getDispatcherType())) {
            chain.doFilter(request, response);
        } else if (request.getAttribute(SCOPE) instanceof RequestScope scope) {
            serve(request, response, chain, scope);
        } else {
            serveFirst(request, response, chain);
        }
    }

    /** A forward or an include runs inside the dispatch that asks for it, on its thread, and so in its scope. */
    private static boolean isPartOfAnother(DispatcherType dispatch) {
        return dispatch == DispatcherType.FORWARD || dispatch == DispatcherType.INCLUDE;
    }

    private static void serveFirst(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        RequestScope scope = RequestScope.create();
        request.setAttribute(SCOPE, scope);
        try {
            serve(request, response, chain, scope);
        } finally {
            if (request.isAsyncStarted()) {
                request.getAsyncContext().addListener(new CloseWhenComplete(scope));
            } else {
                request.removeAttribute(SCOPE);
                scope.close();
            }
        }
    }

    private static void serve(ServletRequest request, ServletResponse response, FilterChain chain, RequestScope scope)
            throws IOException, ServletException {
        try (RequestScope.Stay stay = scope.enter()) {
            chain.doFilter(request, response);
        }
    }

    /** Closes the scope of a request whose asynchronous work is complete, be it done, failed or timed out. */
    private record CloseWhenComplete(RequestScope scope) implements AsyncListener {

        @Override
        public void onComplete(AsyncEvent event) {
            scope.close();
        }

        /** Asynchronous work that is started from asynchronous work forgets its listeners. */
        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this);
        }

        /** Completion follows. */
        @Override
        public void onTimeout(AsyncEvent event) {}

        /** Completion follows. */
        @Override
        public void onError(AsyncEvent event) {}
    }
}
