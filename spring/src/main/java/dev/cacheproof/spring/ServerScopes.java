package dev.cacheproof.spring;

import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.context.WebApplicationContext;

/** Lets what a server's threads do belong to the test that called. */
final class ServerScopes {

    private ServerScopes() {}

    /** Installs it where there may be a servlet container, or MockMvc. */
    static void install(ConfigurableApplicationContext context) {
        if (Libraries.SERVLETS) {
            Servlets.install(context);
        }
    }

    /** Loads only where there are servlets. */
    private static final class Servlets {

        static void install(ConfigurableApplicationContext context) {
            if (context instanceof WebApplicationContext && context instanceof BeanDefinitionRegistry registry) {
                RootBeanDefinition definition = new RootBeanDefinition(ScopeFilter.class, ScopeFilter::new);
                // An application that asks for a filter must not be given this one.
                definition.setAutowireCandidate(false);
                // It is registered again when a context starts that was processed ahead of time.
                definition.setAttribute(BeanRegistrationAotProcessor.IGNORE_REGISTRATION_ATTRIBUTE, true);
                registry.registerBeanDefinition(ScopeFilter.class.getName(), definition);
            }
        }
    }
}
