package dev.cacheproof.spring;

import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.Recording;
import java.io.IOException;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/** Counts the calls of {@code RestTemplate} and {@code RestClient} as loads. */
record CountedCall(HttpLoads loads) implements ClientHttpRequestInterceptor {

    /** Where {@code RestClient} says what it was given. */
    private static final String TEMPLATE = "org.springframework.web.client.RestClient.uriTemplate";

    @Override
    public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
            throws IOException {
        sayWhichTest(request);
        if (loads.isOurServer(request.getURI())) {
            return execution.execute(request, body);
        }
        Recorder recorder = loads.recorder(request.getURI());
        Recording recording = recorder.begin(HttpLoads.request(
                recorder,
                request.getMethod().name(),
                request.getURI(),
                request.getAttributes().get(TEMPLATE)));
        if (recording.refusal() != null) {
            throw new IOException("the call was refused by a gate: " + recording.refusal());
        }
        try {
            ClientHttpResponse response = execution.execute(request, body);
            recording.end(HttpLoads.outcome(response.getStatusCode().value()));
            return response;
        } catch (Throwable thrown) {
            recording.end(Operation.Outcome.failed(thrown));
            throw thrown;
        }
    }

    static void sayWhichTest(HttpRequest request) {
        if (TestScopeHeader.isFor(request.getURI())) {
            request.getHeaders().set(TestScopeHeader.NAME, TestScopeHeader.value());
        }
    }
}
