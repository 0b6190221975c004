package com.pantherkolab.events;

import com.pantherkolab.events.auth.Authentication;
import com.pantherkolab.events.auth.Authenticator;
import com.pantherkolab.events.auth.Identity;
import com.pantherkolab.events.auth.PresentedRequest;
import com.pantherkolab.events.template.AuthMode;
import com.pantherkolab.events.template.ChannelNamespace;
import com.pantherkolab.events.template.EventApi;
import java.util.Set;

/// The questions that come before every operation: who is it, is there such a namespace, may this kind of
/// credentials do that.
record Gate(EventApi api, Authenticator authenticator) {

    Outcome<Identity> authenticate(PresentedRequest request) {
        return switch (authenticator.authenticate(request)) {
            case Authentication.Authenticated(Identity identity) -> Outcome.done(identity);
            case Authentication.Refused refused -> Outcome.refused(Refusal.of(refused));
        };
    }

    Outcome<Identity> connect(PresentedRequest request) {
        return authenticate(request).then(identity -> allow(identity, api.connectionModes()));
    }

    Outcome<ChannelNamespace> namespace(String name) {
        ChannelNamespace namespace = api.namespaces().get(name);
        return namespace == null ? Outcome.refused(Refusal.unknownNamespace()) : Outcome.done(namespace);
    }

    Outcome<Identity> allow(Identity identity, Set<AuthMode> modes) {
        return modes.contains(identity.mode()) ? Outcome.done(identity) : Outcome.refused(Refusal.notAllowed());
    }
}
