package dev.cacheproof.samples.tiered;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Forces a miss in a request that asks for it, by {@code ?force_cache_miss=true}, and that may.
 *
 * <p>Goes after the {@link RequestScopeFilter}, and after the application's authentication: before that, no user is known
 * who could be permitted.
 *
 * <pre>{@code
 * filters.add(new RequestScopeFilter());
 * filters.add(authentication);
 * filters.add(new ForcedMissFilter(request -> request.isUserInRole("staff")));
 * }</pre>
 *
 * <p>Stateless and thread-safe.
 */
public final class ForcedMissFilter implements Filter {

    /** Looked for in the query alone: to ask for a parameter may read the body, which belongs to the servlet. */
    private static final Pattern ASKING = Pattern.compile("(?:.*&)?force_cache_miss=(?i:true)(?:&.*)?");

    private final ForcedMisses<HttpServletRequest> misses;

    /** Creates a filter that permits it to nobody. */
    public ForcedMissFilter() {
        this(nobody -> false);
    }

    /**
     * Creates a filter.
     *
     * @param permitted recognizes a request of somebody who may; asked only where the request asks for a miss
     */
    public ForcedMissFilter(Predicate<? super HttpServletRequest> permitted) {
        this.misses = ForcedMisses.askedFor(ForcedMissFilter::asks).permittedTo(permitted);
    }

    private static boolean asks(HttpServletRequest request) {
        String query = request.getQueryString();
        return query != null && ASKING.matcher(query).matches();
    }

    /**
     * Goes on, with or without a forced miss.
     *
     * @throws ServletException if no request scope is open, which could force it
     */
    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        RequestScope scope = RequestScope.current();
        if (scope == null) {
            throw new ServletException(
                    "ForcedMissFilter found no request scope. Map RequestScopeFilter before it, to the same dispatches.");
        }
        if (request instanceof HttpServletRequest http) {
            misses.apply(http, scope);
        }
        chain.doFilter(request, response);
    }
}
