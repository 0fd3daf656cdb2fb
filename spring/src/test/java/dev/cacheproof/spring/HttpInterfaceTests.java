package dev.cacheproof.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.annotation.AnnotationDescription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.support.WebClientAdapter;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.invoker.HttpExchangeAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

/** Clients that are made of an interface: by Spring, and before Spring 7 by the application, of a client that is a bean. */
class HttpInterfaceTests {

    private static final String IMPORT = "org.springframework.web.service.registry.ImportHttpServices";

    /** Spring makes a client of it. */
    public interface Users {
        @GetExchange
        String get(URI address);
    }

    @Configuration
    static class MadeByTheApplication {
        @Bean
        RestClient restClient() {
            return RestClient.create();
        }

        @Bean
        WebClient webClient() {
            return WebClient.create();
        }

        @Bean
        Users ofRestClient(RestClient client) {
            return users(RestClientAdapter.create(client));
        }

        @Bean
        Users ofWebClient(WebClient client) {
            return users(WebClientAdapter.create(client));
        }

        private static Users users(HttpExchangeAdapter adapter) {
            return HttpServiceProxyFactory.builderFor(adapter).build().createClient(Users.class);
        }
    }

    private final Queue<String> scopes = new ConcurrentLinkedQueue<>();
    private HttpServer another;

    @BeforeEach
    void startAnotherApplication() throws IOException {
        another = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        another.createContext("/", exchange -> {
            scopes.add(String.valueOf(exchange.getRequestHeaders().getFirst(TestScopeHeader.NAME)));
            byte[] answer = "Jane".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        another.start();
    }

    @AfterEach
    void stop() {
        another.stop(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RestClient", "WebClient"})
    void theirCallsAreLoads(String client) throws Exception {
        String application = "context of " + client;
        URI address = URI.create("http://localhost:" + another.getAddress().getPort() + "/users/7");
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            HttpCalls.install(context, application);
            boolean bySpring = ClassUtils.isPresent(IMPORT, HttpInterfaceTests.class.getClassLoader());
            context.register(bySpring ? madeBySpring(client) : MadeByTheApplication.class);
            context.refresh();
            Users users = bySpring ? context.getBean(Users.class) : context.getBean("of" + client, Users.class);
            RunningTest test = RunningTest.undeclared("id", "test", "a run of its own", Settings.current());
            test.runIn(Set.of(application));
            try (Scope scope = Scope.named("test").root().test(test).open()) {
                assertThat(Recorder.watched(Operation.Kind.LOAD)).contains("HTTP");
                assertThat(users.get(address)).isEqualTo("Jane");
                assertThat(scope.journal().loads().operations())
                        .map(load -> load.source() + ": " + load.shape())
                        .containsExactly("HTTP localhost: GET /users/#");
                assertThat(scopes).containsExactly(scope.token());
            }
        }
    }

    /** Returns a configuration with an annotation that Spring 6 does not have. */
    private static Class<?> madeBySpring(String client) throws ClassNotFoundException {
        Class<?> annotation = Class.forName(IMPORT);
        Class<?> clientTypes = Class.forName("org.springframework.web.service.registry.HttpServiceGroup$ClientType");
        Object clientType = Arrays.stream(clientTypes.getEnumConstants())
                .filter(each -> each.toString().replace("_", "").equalsIgnoreCase(client))
                .findFirst()
                .orElseThrow();
        return new ByteBuddy()
                .subclass(Object.class)
                .annotateType(AnnotationDescription.Builder.ofType(annotation.asSubclass(Annotation.class))
                        .define("group", "users")
                        .defineTypeArray("types", Users.class)
                        .define("clientType", (Enum<?>) clientType)
                        .build())
                .make()
                .load(HttpInterfaceTests.class.getClassLoader())
                .getLoaded();
    }
}
