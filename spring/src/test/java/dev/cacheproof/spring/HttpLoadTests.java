package dev.cacheproof.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.cacheproof.Gate;
import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import dev.cacheproof.spring.reading.ReadingRoom;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.InterceptingClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientRequestException;
import reactor.core.Disposable;

@SpringBootTest(classes = ReadingRoom.class)
@Import(TestClients.class)
class HttpLoadTests {

    @Autowired
    ApplicationContext context;

    private final Map<String, String> received = new ConcurrentHashMap<>();
    private HttpServer users;

    @BeforeEach
    void startAnotherApplication() throws IOException {
        users = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        users.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            received.put("body", new String(body, StandardCharsets.UTF_8));
            String scope = exchange.getRequestHeaders().getFirst(TestScopeHeader.NAME);
            received.put("scope", String.valueOf(scope));
            boolean known = exchange.getRequestURI().getPath().startsWith("/users/");
            byte[] answer = "Jane".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(known ? 200 : 404, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        users.start();
    }

    @AfterEach
    void stop() {
        users.stop(0);
    }

    @TestFactory
    List<DynamicTest> aCallOfAnotherApplicationIsALoad() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        Map<String, TestClients.Client> all = TestClients.all(context);
        all.keySet().removeAll(TestClients.ofTests(context).keySet());
        all.forEach((name, client) -> tests.add(DynamicTest.dynamicTest(name, () -> {
            try (Scope scope = Scope.open("block")) {
                assertThat(client.get(address("/users/7?page=2&key=secret"))).isEqualTo("Jane");
                assertThat(client.get(address("/users/8?page=3&key=secret"))).isEqualTo("Jane");
                assertThatThrownBy(() -> client.get(address("/orders"))).hasMessageContaining("404");

                assertThat(scope.journal().loads().count()).isEqualTo(3);
                assertThat(scope.journal().loads().unattributedCount()).isZero();
                assertThat(scope.journal().loads().operations())
                        .map(load -> load.source() + ": " + load.shape() + " "
                                + load.outcome().status())
                        .containsExactly(
                                "HTTP localhost: GET /users/# DONE",
                                "HTTP localhost: GET /users/# DONE",
                                "HTTP localhost: GET /orders FAILED");
                assertThat(scope.journal().print())
                        .contains("GET /orders  failed: HTTP 404")
                        .doesNotContain("secret");
                assertThat(received).containsEntry("scope", scope.token());
            }
        })));
        assertThat(tests).hasSize(5);
        return tests;
    }

    @TestFactory
    List<DynamicTest> aCallByTheTestItselfIsNone() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        TestClients.ofTests(context)
                .forEach((name, client) -> tests.add(DynamicTest.dynamicTest(name, () -> {
                    try (Scope scope = Scope.open("block")) {
                        client.get(address("/users/7"));
                        assertThat(scope.journal().loads().count()).isZero();
                        assertThat(scope.journal().loads().unattributedCount()).isZero();
                        assertThat(received).containsEntry("scope", scope.token());
                    }
                })));
        return tests;
    }

    @Test
    void bodiesAreAsTheApplicationSendsThem() {
        RestTemplate template = context.getBean(RestTemplate.class);
        try (Scope scope = Scope.open("block")) {
            assertThat(template.postForObject(address("/users/"), "Größe", String.class))
                    .isEqualTo("Jane");
            assertThat(received).containsKey("body");
            assertThat(received.get("body")).startsWith("Gr").endsWith("e");
            assertThat(scope.journal().loads().operations())
                    .map(Operation::shape)
                    .containsExactly("POST /users/");
        }
    }

    @Test
    void aCallThatFailsIsALoadThatFailed() {
        users.stop(0);
        try (Scope scope = Scope.open("block")) {
            RestClient client = context.getBean(RestClient.class);
            assertThatThrownBy(() ->
                            client.get().uri(address("/users/7")).retrieve().toBodilessEntity())
                    .hasMessageContaining("I/O error");
            WebClient web = context.getBean(WebClient.class);
            assertThatThrownBy(() -> web.get()
                            .uri(address("/users/7"))
                            .retrieve()
                            .toBodilessEntity()
                            .block())
                    .isInstanceOf(WebClientRequestException.class);
            assertThat(scope.journal().loads().operations())
                    .map(load -> load.outcome().status())
                    .containsExactly(Operation.Outcome.Status.FAILED, Operation.Outcome.Status.FAILED);
        }
    }

    @Test
    void eachTrialIsALoad() {
        users.stop(0);
        WebClient.Builder builder = WebClient.builder()
                .filter((request, next) -> next.exchange(request).retry(2));
        new ReactiveClients(new HttpLoads(context.getEnvironment(), "a context"))
                .postProcessAfterInitialization(builder, "retrying");
        WebClient retrying = builder.build();
        try (Scope scope = Scope.open("block")) {
            assertThatThrownBy(() -> retrying.get()
                            .uri(address("/users/7"))
                            .retrieve()
                            .toBodilessEntity()
                            .block())
                    .isInstanceOf(WebClientRequestException.class);
            assertThat(scope.journal().loads().count()).isEqualTo(3);
        }
    }

    /** As one whose time is over is. */
    @Test
    void aCallThatIsGivenUpIsALoadThatFailed() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch givenUp = new CountDownLatch(1);
        users.createContext("/slow", exchange -> {
            asked.countDown();
            await(givenUp);
            exchange.close();
        });
        try (Scope scope = Scope.open("block")) {
            WebClient web = context.getBean(WebClient.class);
            Disposable call = web.get()
                    .uri(address("/slow"))
                    .retrieve()
                    .toBodilessEntity()
                    .subscribe();
            await(asked);
            call.dispose();
            assertThat(scope.journal().print()).contains("GET /slow  failed: given up");
        } finally {
            givenUp.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aGateMayKeepACallFromLeaving() {
        RestClient client = context.getBean(RestClient.class);
        try (Scope scope = Scope.open("block")) {
            scope.gate(operation -> Gate.Verdict.refuse("no network"));
            assertThatThrownBy(() ->
                            client.get().uri(address("/users/7")).retrieve().toBodilessEntity())
                    .hasMessageContaining("the call was refused by a gate: no network");
            assertThat(received).isEmpty();
        }
    }

    /** A client that is made of a builder that counts, and is a bean itself, counts once. */
    @Test
    @SuppressWarnings("deprecation") // of Spring 6.2, and not of 7
    void noClientHasMoreThanOneOfOurs() {
        RestTemplate template = context.getBean(RestTemplate.class);
        RestClient built = context.getBean(RestClient.Builder.class).build();
        RestClient again = (RestClient)
                context.getAutowireCapableBeanFactory().applyBeanPostProcessorsAfterInitialization(built, "again");
        context.getAutowireCapableBeanFactory().applyBeanPostProcessorsAfterInitialization(template, "again");
        List<ClientHttpRequestInterceptor> interceptors = new ArrayList<>(template.getInterceptors());
        again.mutate().requestInterceptors(interceptors::addAll);
        assertThat(interceptors).filteredOn(CountedCall.class::isInstance).hasSize(2);
    }

    /** As documented, since nothing can be done about it. */
    @Test
    void theRequestFactoryOfTheApplicationIsBehindOneOfSprings() {
        RestTemplate template = new RestTemplate();
        ClientHttpRequestFactory ofApplication = template.getRequestFactory();
        new HttpClients(new HttpLoads(context.getEnvironment(), "a context"))
                .postProcessAfterInitialization(template, "template");
        assertThat(template.getRequestFactory())
                .isInstanceOfSatisfying(
                        InterceptingClientHttpRequestFactory.class,
                        shown -> assertThat(shown.getDelegate()).isSameAs(ofApplication));
    }

    @Test
    void callsAreWatchedFromTheFirstClientOfAContextToItsEnd() {
        AnnotationConfigApplicationContext own = new AnnotationConfigApplicationContext();
        try (own) {
            HttpCalls.install(own, "context with a client");
            own.registerBean(RestTemplate.class, definition -> definition.setLazyInit(true));
            own.refresh();
            assertThat(watchedIn("context with a client")).isEmpty();
            own.getBean(RestTemplate.class);
            assertThat(watchedIn("context with a client")).containsExactly("HTTP");
            assertThat(watchedIn("context without one")).isEmpty();
        }
        assertThat(watchedIn("context with a client")).isEmpty();
    }

    private static List<String> watchedIn(String application) {
        RunningTest test = RunningTest.undeclared("id", "test", "a run of its own", Settings.current());
        test.runIn(Set.of(application));
        try (Scope scope = Scope.named("test").root().test(test).open()) {
            return Recorder.watched(Operation.Kind.LOAD).stream()
                    .filter(name -> name.startsWith("HTTP"))
                    .toList();
        }
    }

    @Test
    void noOtherMachineIsToldOfTheTest() {
        assertThat(List.of(
                        "http://localhost/",
                        "http://LOCALHOST:8080/x",
                        "http://shop.localhost/",
                        "http://127.0.0.1:1/",
                        "http://127.1.2.3/",
                        "https://[::1]:8443/"))
                .allMatch(address -> TestScopeHeader.isFor(URI.create(address)));
        assertThat(List.of(
                        "http://example.com/",
                        "http://localhost.example.com/",
                        "http://127.0.0.1.example.com/",
                        "http://10.0.0.1/",
                        "http://notlocalhost/",
                        "/path"))
                .noneMatch(address -> TestScopeHeader.isFor(URI.create(address)));
    }

    private URI address(String path) {
        return URI.create("http://localhost:" + users.getAddress().getPort() + path);
    }
}
