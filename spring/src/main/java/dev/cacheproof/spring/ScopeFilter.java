package dev.cacheproof.spring;

import dev.cacheproof.Scope;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.async.CallableProcessingInterceptor;
import org.springframework.web.context.request.async.WebAsyncUtils;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Puts a server's thread into the scope that the request names, for each of its dispatches. Spring Boot registers a filter of
 * this class for all kinds of them. A thread that is in a scope already is the test's own, of MockMvc.
 */
final class ScopeFilter extends OncePerRequestFilter implements Ordered {

    private static final String NO_TEST = """
            it serves an HTTP request that does not say which test it belongs to. If it is this test's, send the
            header with it: .header(TestScopeHeader.NAME, TestScopeHeader.value()). Clients that Spring makes do.""";

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    @Override
    protected boolean shouldNotFilterErrorDispatch() {
        return false;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Scope current = Scope.current().orElse(null);
        if (current != null) {
            propagate(request, current);
            chain.doFilter(request, response);
            return;
        }
        Scope named = named(request);
        if (named == null) {
            try (Scope.Attachment explained = Scope.unattributed(NO_TEST)) {
                chain.doFilter(request, response);
            }
            return;
        }
        propagate(request, named);
        serve(named, new Request(request, response, chain));
    }

    private static @Nullable Scope named(HttpServletRequest request) {
        String token = request.getHeader(TestScopeHeader.NAME);
        return token == null ? null : Scope.byToken(token).orElse(null);
    }

    /** Wrapped, and not only attached: a response may arrive before its request has ended, and the test waits for that. */
    private static void serve(Scope scope, Request request) throws ServletException, IOException {
        try {
            scope.wrap(request).call();
        } catch (ServletException | IOException | RuntimeException thrown) {
            throw thrown;
        } catch (Exception impossible) {
            throw new ServletException(impossible);
        }
    }

    private record Request(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            implements Callable<Boolean> {

        @Override
        public Boolean call() throws ServletException, IOException {
            chain.doFilter(request, response);
            return true;
        }
    }

    private static void propagate(HttpServletRequest request, Scope scope) {
        WebAsyncUtils.getAsyncManager(request)
                .registerCallableInterceptor(ScopeFilter.class.getName(), new InScope(scope));
    }

    /** What a controller returns to be run later, on an executor that may be no bean. Used for one callable at a time. */
    private static final class InScope implements CallableProcessingInterceptor {

        private final Scope scope;
        private Scope.@Nullable Attachment attached;

        InScope(Scope scope) {
            this.scope = scope;
        }

        @Override
        public <T> void preProcess(NativeWebRequest request, Callable<T> task) {
            attached = scope.attach();
        }

        @Override
        public <T> void postProcess(NativeWebRequest request, Callable<T> task, @Nullable Object result) {
            Objects.requireNonNull(attached).close();
        }
    }
}
