package dev.cacheproof.samples.tiered;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.apache.tomcat.util.modeler.Registry;

/**
 * A real Tomcat with one thread for requests, so that each has the thread that the one before has left. Notices what a thread
 * brings into a dispatch, or takes away from it.
 */
final class WebServer implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Tomcat tomcat = new Tomcat();
    private final Context context;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Queue<String> leaks = new ConcurrentLinkedQueue<>();

    /** What a servlet does. */
    @FunctionalInterface
    interface Endpoint {
        void serve(HttpServletRequest request, HttpServletResponse response) throws Exception;
    }

    private WebServer(Path directory) {
        Registry.disableRegistry(); // of management beans, which all servers of a process would share
        tomcat.setBaseDir(directory.toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.getConnector().setProperty("maxThreads", "1");
        tomcat.getConnector().setProperty("minSpareThreads", "1");
        context = tomcat.addContext("", directory.toString());
    }

    /** Starts a server with these filters, in this order, on every dispatch. */
    static WebServer start(Path directory, Filter... filters) throws LifecycleException {
        WebServer server = new WebServer(directory);
        server.add(server::watch);
        List.of(filters).forEach(server::add);
        server.tomcat.start();
        return server;
    }

    private void add(Filter filter) {
        FilterDef definition = new FilterDef();
        definition.setFilterName("filter " + context.findFilterDefs().length);
        definition.setFilter(filter);
        definition.setAsyncSupported("true");
        FilterMap mapping = new FilterMap();
        mapping.setFilterName(definition.getFilterName());
        mapping.addURLPattern("/*");
        for (DispatcherType dispatch : DispatcherType.values()) {
            mapping.setDispatcher(dispatch.name());
        }
        context.addFilterDef(definition);
        context.addFilterMap(mapping);
    }

    private void watch(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        boolean isInside = request.getDispatcherType() == DispatcherType.FORWARD;
        RequestScope before = RequestScope.current();
        try {
            chain.doFilter(request, response);
        } catch (ServletException refused) {
            response.getWriter().write(String.valueOf(refused.getMessage()));
        } finally {
            if (!isInside && (before != null || RequestScope.current() != null)) {
                leaks.add(request.getDispatcherType() + " of " + ((HttpServletRequest) request).getRequestURI());
            }
        }
    }

    /** Returns the dispatches whose thread was in a scope before or after them. */
    List<String> leaks() {
        return List.copyOf(leaks);
    }

    void serve(String path, Endpoint endpoint) {
        Wrapper servlet = Tomcat.addServlet(context, path, new EndpointServlet(endpoint));
        servlet.setAsyncSupported(true);
        servlet.addMapping(path);
    }

    private static final class EndpointServlet extends HttpServlet {
        private static final long serialVersionUID = 1L;

        private final transient Endpoint endpoint;

        EndpointServlet(Endpoint endpoint) {
            this.endpoint = endpoint;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            try {
                endpoint.serve(request, response);
            } catch (IOException | RuntimeException failed) {
                throw failed;
            } catch (Exception failed) {
                throw new IOException(failed);
            }
        }
    }

    /** Serves what failed with what is served at a path. */
    void serveErrorsAt(String path) {
        for (int status : new int[] {404, 500}) {
            ErrorPage page = new ErrorPage();
            page.setErrorCode(status);
            page.setLocation(path);
            context.addErrorPage(page);
        }
    }

    String get(String path) throws Exception {
        return send(request(path).build()).get();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort() + path))
                .timeout(LIMIT);
    }

    CompletableFuture<String> send(HttpRequest request) {
        return client.sendAsync(request, BodyHandlers.ofString()).thenApply(response -> response.body());
    }

    @Override
    public void close() throws LifecycleException {
        tomcat.stop();
        tomcat.destroy();
    }
}
