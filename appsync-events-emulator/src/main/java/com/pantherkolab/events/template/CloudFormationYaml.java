package com.pantherkolab.events.template;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/// YAML as CloudFormation writes it: plain data plus the short forms of its intrinsic functions. Only maps, lists
/// and scalars ever come out, whatever tag a file carries.
final class CloudFormationYaml {

    private static final List<String> FUNCTIONS = List.of(
            "And",
            "Base64",
            "Cidr",
            "Equals",
            "FindInMap",
            "GetAtt",
            "GetAZs",
            "If",
            "ImportValue",
            "Join",
            "Length",
            "Not",
            "Or",
            "Select",
            "Split",
            "Sub",
            "ToJsonString",
            "Transform");

    private CloudFormationYaml() {}

    static Yaml with(LoaderOptions options) {
        var dumping = new DumperOptions();
        return new Yaml(new ShortForms(options), new Representer(dumping), dumping, options, new WithoutTimestamps());
    }

    private static final class ShortForms extends SafeConstructor {

        ShortForms(LoaderOptions options) {
            super(options);
            shortForm("Ref", "Ref");
            shortForm("Condition", "Condition");
            FUNCTIONS.forEach(name -> shortForm(name, "Fn::" + name));
        }

        private void shortForm(String tag, String function) {
            yamlConstructors.put(new Tag("!" + tag), new AbstractConstruct() {
                @Override
                public Object construct(Node node) {
                    return Map.of(function, argument(function, node));
                }
            });
        }

        private Object argument(String function, Node node) {
            return switch (node) {
                case ScalarNode scalar when function.equals("Fn::GetAtt") -> attribute(scalar.getValue());
                case ScalarNode scalar -> scalar.getValue();
                case SequenceNode sequence -> constructSequence(sequence);
                case MappingNode mapping -> constructMapping(mapping);
                default -> throw new TemplateException("!" + function + " cannot be applied here");
            };
        }

        /// `EventsApi.Dns.Http` is the attribute `Dns.Http` of `EventsApi`.
        private static List<String> attribute(String dotted) {
            return List.of(dotted.split("\\.", 2));
        }
    }

    /// `AWSTemplateFormatVersion: 2010-09-09` is a text, also without quotes.
    private static final class WithoutTimestamps extends Resolver {
        @Override
        public void addImplicitResolver(Tag tag, Pattern pattern, String first, int limit) {
            if (!Tag.TIMESTAMP.equals(tag)) {
                super.addImplicitResolver(tag, pattern, first, limit);
            }
        }
    }
}
