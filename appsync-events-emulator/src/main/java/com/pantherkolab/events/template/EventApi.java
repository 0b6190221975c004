package com.pantherkolab.events.template;

import com.pantherkolab.events.template.CloudFormationTemplate.Resource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// An `AWS::AppSync::Api` with its `AWS::AppSync::ChannelNamespace`s: all that decides who may do what on which
/// channel.
///
/// Not read, because nothing here depends on it: names, tags, logging, and `AppIdClientRegex` (its value is a
/// deployment parameter; the emulator is told the audience instead). Refused, because ignoring it would change who
/// is admitted: `HandlerConfigs`, `CodeS3Location` and modes that are not emulated.
///
/// @param connectionModes who may open a WebSocket
/// @param namespaces the channel namespaces by name
public record EventApi(Set<AuthMode> connectionModes, Map<String, ChannelNamespace> namespaces) {

    /// Copies the collections.
    public EventApi {
        connectionModes = Set.copyOf(connectionModes);
        namespaces = Map.copyOf(namespaces);
    }

    /// The one Event API of a template.
    ///
    /// @throws TemplateException when there is none, or more than one, or it cannot be emulated
    public static EventApi from(CloudFormationTemplate template) {
        List<Resource> apis = template.resources("AWS::AppSync::Api");
        if (apis.size() != 1) {
            throw new TemplateException("the template must have exactly one AWS::AppSync::Api, it has " + apis.size());
        }
        Resource api = apis.getFirst();
        Section config = api.properties()
                .section("EventConfig")
                .orElseThrow(() -> new TemplateException(api.properties().path() + ".EventConfig is missing"));
        Set<AuthMode> providers = modes(config, "AuthProviders").orElse(Set.of());

        Map<String, ChannelNamespace> namespaces = new HashMap<>();
        for (Resource resource : template.resources("AWS::AppSync::ChannelNamespace")) {
            ChannelNamespace namespace = namespace(api, resource.properties(), config, providers);
            if (namespaces.put(namespace.name(), namespace) != null) {
                throw new TemplateException(resource.properties().path() + ".Name is used twice");
            }
        }
        return new EventApi(declared(config, "ConnectionAuthModes", providers), namespaces);
    }

    private static ChannelNamespace namespace(
            Resource api, Section properties, Section config, Set<AuthMode> providers) {
        if (!properties.reference("ApiId").equals(Optional.of(api.logicalId()))) {
            throw new TemplateException(properties.path() + ".ApiId must refer to " + api.logicalId());
        }
        for (String unsupported : List.of("HandlerConfigs", "CodeS3Location")) {
            if (properties.values().containsKey(unsupported)) {
                throw new TemplateException(properties.path() + "." + unsupported + " is not emulated");
            }
        }
        return new ChannelNamespace(
                properties.requiredText("Name"),
                properties.values().containsKey("PublishAuthModes")
                        ? declared(properties, "PublishAuthModes", providers)
                        : declared(config, "DefaultPublishAuthModes", providers),
                properties.values().containsKey("SubscribeAuthModes")
                        ? declared(properties, "SubscribeAuthModes", providers)
                        : declared(config, "DefaultSubscribeAuthModes", providers),
                properties.text("CodeHandlers"));
    }

    private static Set<AuthMode> declared(Section section, String name, Set<AuthMode> providers) {
        Set<AuthMode> modes = modes(section, name)
                .orElseThrow(() -> new TemplateException(section.path() + "." + name + " is missing"));
        if (!providers.containsAll(modes)) {
            throw new TemplateException(
                    section.path() + "." + name + " names a mode that AuthProviders does not provide");
        }
        return modes;
    }

    private static Optional<Set<AuthMode>> modes(Section section, String name) {
        List<Section> entries = section.sections(name);
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        Set<AuthMode> modes = EnumSet.noneOf(AuthMode.class);
        entries.forEach(entry -> modes.add(AuthMode.named(entry)));
        return Optional.of(modes);
    }
}
