package dev.cacheproof.spring;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ConfigurableApplicationContext;

/** Lets the HTTP clients of a context be watched, as far as there are any. */
final class HttpCalls {

    private HttpCalls() {}

    static void install(ConfigurableApplicationContext context, String application) {
        ConfigurableListableBeanFactory beans = context.getBeanFactory();
        HttpLoads loads = HttpLoads.of(context, application);
        if (Libraries.REST_CLIENTS) {
            HttpClients clients = new HttpClients(loads);
            beans.addBeanPostProcessor(clients);
            HttpInterfaces.install(beans, HttpInterfaces.REST_CLIENTS, clients);
        }
        if (Libraries.WEB_CLIENT) {
            ReactiveClients clients = new ReactiveClients(loads);
            beans.addBeanPostProcessor(clients);
            HttpInterfaces.install(beans, HttpInterfaces.WEB_CLIENTS, clients);
        }
    }
}
