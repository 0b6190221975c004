package com.pantherkolab.events.template;

import java.util.Optional;
import java.util.Set;

/// A channel namespace: the first segment of its channels, who may use them, and the code that has the last word.
///
/// @param name the first segment of every channel in it
/// @param publishModes who may publish; the API's default where the namespace says nothing
/// @param subscribeModes who may subscribe; the API's default where the namespace says nothing
/// @param handlerCode the `CodeHandlers` of the template, character for character; an ECMAScript
///     module that may export `onPublish` and `onSubscribe`
public record ChannelNamespace(
        String name, Set<AuthMode> publishModes, Set<AuthMode> subscribeModes, Optional<String> handlerCode) {

    /// Copies the sets.
    public ChannelNamespace {
        publishModes = Set.copyOf(publishModes);
        subscribeModes = Set.copyOf(subscribeModes);
    }
}
