package dev.cacheproof.spring;

import java.lang.reflect.Method;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.util.ClassUtils;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;

/** Each client that a test may call its server with. What is not in each Spring, or not in one package, goes by its name. */
@TestConfiguration(proxyBeanMethods = false)
@SuppressWarnings("NullAway") // what is missing fails the test
class TestClients {

    private static final String REST_TEST_CLIENT = "org.springframework.test.web.servlet.client.RestTestClient";
    private static final String[] TEST_REST_TEMPLATE = {
        "org.springframework.boot.test.web.client.TestRestTemplate",
        "org.springframework.boot.resttestclient.TestRestTemplate"
    };
    private static final String[] REST_TEMPLATE_BUILDER = {
        "org.springframework.boot.web.client.RestTemplateBuilder",
        "org.springframework.boot.restclient.RestTemplateBuilder"
    };

    /** A client, as a test sees it. */
    interface Client {
        String get(URI address) throws Exception;
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class OfTestRestTemplate {
        /** The bean of Spring Boot 3.5 has another name. */
        @Bean
        Object ownTestRestTemplate(ApplicationContext context) throws Exception {
            Class<?> builder = type(REST_TEMPLATE_BUILDER);
            return type(TEST_REST_TEMPLATE).getConstructor(builder).newInstance(context.getBean(builder));
        }
    }

    @Bean
    RestTemplate restTemplate() {
        return new RestTemplate();
    }

    @Bean
    RestClient restClient() {
        return RestClient.create();
    }

    @Bean
    WebClient webClient() {
        return WebClient.builder().clientConnector(new JdkClientHttpConnector()).build();
    }

    @Bean
    WebTestClient ownWebTestClient() {
        return WebTestClient.bindToServer(new JdkClientHttpConnector()).build();
    }

    @Bean
    Object ownRestTestClient() throws Exception {
        if (!ClassUtils.isPresent(REST_TEST_CLIENT, TestClients.class.getClassLoader())) {
            return "none before Spring Framework 7";
        }
        return call(type(REST_TEST_CLIENT).getMethod("bindToServer").invoke(null), "build");
    }

    static Map<String, Client> all(ApplicationContext context) throws Exception {
        Map<String, Client> clients = new LinkedHashMap<>();
        RestTemplate ofBuilder = ofRestTemplateBuilder(context);
        clients.put("RestTemplate of the builder", address -> ofBuilder.getForObject(address, String.class));
        RestTemplate template = context.getBean(RestTemplate.class);
        clients.put("RestTemplate", address -> template.getForObject(address, String.class));
        clients.put(
                "RestClient of the builder",
                restClient(context.getBean(RestClient.Builder.class).build()));
        clients.put("RestClient", restClient(context.getBean(RestClient.class)));
        WebClient web = context.getBean(WebClient.class);
        clients.put(
                "WebClient",
                address -> web.get()
                        .uri(address)
                        .retrieve()
                        .bodyToMono(String.class)
                        .block(Duration.ofSeconds(60)));
        clients.putAll(ofTests(context));
        return clients;
    }

    static Map<String, Client> ofTests(ApplicationContext context) throws Exception {
        Map<String, Client> clients = new LinkedHashMap<>();
        testRestTemplates(context)
                .forEach(
                        (name, template) -> clients.put(name, address -> template.getForObject(address, String.class)));
        WebTestClient webTests = context.getBean(WebTestClient.class);
        clients.put(
                "WebTestClient",
                address -> webTests.get()
                        .uri(address)
                        .exchange()
                        .expectBody(String.class)
                        .returnResult()
                        .getResponseBody());
        Object restTests = context.getBean("ownRestTestClient");
        if (!(restTests instanceof String)) {
            clients.put("RestTestClient", address -> {
                Object request = call(restTests, "get");
                Method uri = request.getClass().getMethod("uri", URI.class);
                uri.setAccessible(true);
                Object answer = call(uri.invoke(request, address), "exchange");
                Method body = answer.getClass().getMethod("expectBody", Class.class);
                body.setAccessible(true);
                return (String) call(call(body.invoke(answer, String.class), "returnResult"), "getResponseBody");
            });
        }
        HttpClient jdk = HttpClient.newHttpClient();
        clients.put(
                "HttpClient with the header",
                address -> jdk.send(
                                HttpRequest.newBuilder(address)
                                        .header(TestScopeHeader.NAME, TestScopeHeader.value())
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body());
        return clients;
    }

    static RestTemplate ofRestTemplateBuilder(ApplicationContext context) throws Exception {
        return (RestTemplate) call(context.getBean(type(REST_TEMPLATE_BUILDER)), "build");
    }

    /** That which is a bean, and what it makes, which is none. */
    static Map<String, RestTemplate> testRestTemplates(ApplicationContext context) throws Exception {
        Object bean = context.getBean("ownTestRestTemplate");
        Object another = bean.getClass()
                .getMethod("withBasicAuth", String.class, String.class)
                .invoke(bean, "jane", "open sesame");
        return Map.of(
                "TestRestTemplate", (RestTemplate) call(bean, "getRestTemplate"),
                "TestRestTemplate with a user", (RestTemplate) call(another, "getRestTemplate"));
    }

    private static Client restClient(RestClient client) {
        return address -> client.get().uri(address).retrieve().body(String.class);
    }

    private static Class<?> type(String... names) throws ClassNotFoundException {
        for (String name : names) {
            if (ClassUtils.isPresent(name, TestClients.class.getClassLoader())) {
                return Class.forName(name);
            }
        }
        throw new ClassNotFoundException(String.join(", ", names));
    }

    private static Object call(Object target, String name) throws Exception {
        Method method = target.getClass().getMethod(name);
        method.setAccessible(true);
        return Objects.requireNonNull(method.invoke(target));
    }
}
