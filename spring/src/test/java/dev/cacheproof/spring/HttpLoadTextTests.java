package dev.cacheproof.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.client.match.MockRestRequestMatchers.anything;
import static org.springframework.test.web.client.response.MockRestResponseCreators.withSuccess;

import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.client.ExpectedCount;
import org.springframework.test.web.client.MockRestServiceServer;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;

/** What is written down of a call, whose address may hold what nobody may read. */
class HttpLoadTextTests {

    private static final URI ADDRESS =
            URI.create("https://secret:secret@shop.example:81/bot7/top;id=secret?secret#secret");
    private static final String TEMPLATE = "https://shop.example:81/bot{token}/{name};id={id}?key={key}";
    private static final String[] VALUES = {"7", "secret", "secret", "secret"};

    private final HttpLoads loads = new HttpLoads(new StandardEnvironment(), "a context");
    private final RestTemplate template = new RestTemplate();
    private final RestClient rest;
    private final WebClient web;

    HttpLoadTextTests() {
        RestClient.Builder restBuilder = RestClient.builder();
        new HttpClients(loads).postProcessAfterInitialization(restBuilder, "rest");
        new HttpClients(loads).postProcessAfterInitialization(template, "template");
        // A test may put such a server there when the client is made: what it answers is counted, too.
        MockRestServiceServer.bindTo(restBuilder)
                .build()
                .expect(ExpectedCount.manyTimes(), anything())
                .andRespond(withSuccess());
        MockRestServiceServer.bindTo(template)
                .build()
                .expect(ExpectedCount.manyTimes(), anything())
                .andRespond(withSuccess());
        rest = restBuilder.build();
        WebClient.Builder webBuilder = WebClient.builder()
                .exchangeFunction(request ->
                        Mono.just(ClientResponse.create(HttpStatus.OK).build()));
        new ReactiveClients(loads).postProcessAfterInitialization(webBuilder, "web");
        web = webBuilder.build();
    }

    private static List<String> callsOf(Settings settings, Runnable calls) {
        RunningTest test = RunningTest.undeclared("id", "test", "a run of its own", settings);
        try (Scope scope = Scope.named("test").root().test(test).open()) {
            calls.run();
            assertThat(scope.journal().print()).doesNotContain("secret");
            return scope.journal().loads().operations().stream()
                    .map(Operation::text)
                    .toList();
        }
    }

    private static Settings values(String shown) {
        return Settings.resolve(name -> name.equals("cacheproof.values") ? Optional.of(shown) : Optional.empty());
    }

    private void callTheTemplate() {
        rest.get().uri(TEMPLATE, (Object[]) VALUES).retrieve().toBodilessEntity();
        web.get().uri(TEMPLATE, (Object[]) VALUES).retrieve().toBodilessEntity().block();
    }

    private void callTheAddress() {
        template.getForObject(ADDRESS, String.class);
        rest.get().uri(ADDRESS).retrieve().toBodilessEntity();
        web.get().uri(ADDRESS).retrieve().toBodilessEntity().block();
    }

    @Test
    void isTheTemplateWhereTheClientKnowsIt() {
        for (String shown : List.of("shown", "masked")) {
            assertThat(callsOf(values(shown), this::callTheTemplate)).hasSize(2).containsOnly("GET /bot{token}/{name}");
        }
    }

    @Test
    void isThePathWhereItDoesNot() {
        assertThat(callsOf(values("shown"), this::callTheAddress)).hasSize(3).containsOnly("GET /bot7/top");
    }

    @Test
    void isTheMethodWhereValuesAreMasked() {
        assertThat(callsOf(values("masked"), this::callTheAddress)).hasSize(3).containsOnly("GET");
    }

    @Test
    void hasNoPartOfATemplateThatIsNoPath() {
        Recorder recorder = new HttpLoads(new StandardEnvironment(), "shop").recorder(ADDRESS);
        assertThat(callsOf(
                        values("shown"),
                        () -> List.of("http://{host}", "{base}/x?y", "//shop/x", "/a//b;c/d#e")
                                .forEach(given -> recorder.observe(HttpLoads.request(recorder, "GET", ADDRESS, given))
                                        .end(Operation.Outcome.of(Operation.Outcome.Status.DONE)))))
                .containsExactly("GET /", "GET {base}/x", "GET /x", "GET /a//b/d");
    }
}
